-- Reconciliation asks for the results of a subject in a quarter, and for those that name a place.
create index subject_result_by_subject on subject_result (subject, as_of desc, receipt_order desc);
create index subject_result_by_region on subject_result (region collate "C", id) where region is not null;
create index result_stranger_by_region on result_stranger (region collate "C", batch, line) where region is not null;
