-- breaking
-- Linking: what kind of number leads to a subject, which family a person's record names, and keys that came twice.
alter table identifier add column kind text not null default 'household' check (kind in ('nik', 'kk', 'household', 'head'));
alter table identifier alter column kind drop default;

-- How many NIK (person) or No. KK (family) lead here: a family without one may still be found to be another.
alter table subject add column anchors integer not null default 0;
create index subject_by_family on subject (family) where family is not null;
create index subject_merged on subject (merged_into) where merged_into is not null;

-- The family that a person's record names.
alter table source_record add column family text;
create index source_record_by_family on source_record (family) where family is not null;

-- Keys that stood in one batch with different contents, and where the content that stands was last seen.
create table twin (
  key_index bytea primary key,
  batch text not null,
  line integer not null
);

-- Counts the chunks that changed the registry: what was read before the lock holds under it if the count is the same.
create table registry_state (
  id integer primary key default 1 check (id = 1),
  changes bigint not null default 0
);
insert into registry_state default values;
