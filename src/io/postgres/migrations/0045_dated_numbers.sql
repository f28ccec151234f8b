-- In a large regency a birth date, a sex and an initial are several people, whom a worker had to read to see that they are others.
-- The row of a record by birth date and place tells its NIK, encrypted under the index key, 8 bytes; null where there is none, and in
-- rows that were written before.
alter table blocking add column number bytea;
