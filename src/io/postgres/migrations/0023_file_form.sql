-- How the file of a batch was read: its dialect, or the sheet of a workbook.
alter table batch add column form jsonb;
