-- When keys rotate, what is sealed by old ones is sealed anew, page by page: how far each column is.

create table reseal (
  name text primary key,
  version integer not null,
  -- The next page of the table, and how many values of old keys were met since its first one.
  page bigint not null default 0,
  met bigint not null default 0,
  resealed bigint not null default 0,
  -- A whole pass met none.
  clean_at timestamptz
);
