-- What only shows in a file as a whole, counted chunk by chunk by the stage that cleans; it holds no value of a record.
alter table report add column signs jsonb;
