-- The index key rotates: every row that holds an index is moved to the next key in the background, while nothing is indexed.

-- Under which key indexes are made. While `moving_to` stands, rows are moved to that key and nobody writes an index.
create table index_key (
  whole boolean primary key default true check (whole),
  version smallint not null default 1,
  moving_to smallint check (moving_to > version),
  since timestamptz not null default now()
);
insert into index_key default values;

-- How far each table is: the page of it that is next, how many rows were met since its first one, how many were moved.
create table index_move (
  name text primary key,
  version smallint not null,
  page bigint not null default 0,
  met bigint not null default 0,
  moved bigint not null default 0,
  done_at timestamptz
);

-- The key that a rotation has put a row under; null, or an earlier one, where it has not come to it.
alter table source_record add column moved_to smallint;
alter table identifier add column moved_to smallint;
alter table blocking add column moved_to smallint;
alter table subject add column moved_to smallint;
alter table entry add column moved_to smallint;
alter table key_conflict add column moved_to smallint;
alter table link_decision add column moved_to smallint;
alter table review add column moved_to smallint;
alter table snapshot_key add column moved_to smallint;
alter table withdrawal add column moved_to smallint;
alter table withdrawal_target add column moved_to smallint;
alter table erased add column moved_to smallint;
alter table subject_result add column moved_to smallint;

-- The newest index key that a process has; null where its code knows of none.
alter table running_code add column index_key smallint;
