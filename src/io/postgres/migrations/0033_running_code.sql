-- Which gateways and workers run, and for which tables they were written: a breaking migration waits until none is older.
create table running_code (
  id text primary key,
  kind text not null,
  -- The newest migration that its code knows.
  schema text not null,
  seen_at timestamptz not null default now()
);
