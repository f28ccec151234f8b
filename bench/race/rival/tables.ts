/** The rival's tables: a row a family and a row a person, each with what is looked up in columns and all of it as JSON. */
export const TABLES = `
  create table family (
    id text primary key,
    no_kk text not null,
    village text not null,
    hash bytea not null,
    body jsonb not null,
    updated_at timestamptz not null default now(),
    delivered_at timestamptz
  );
  create index family_by_kk on family (no_kk);
  create table person (
    id text primary key,
    family text not null references family (id),
    nik text,
    name text not null,
    born date,
    body jsonb not null
  );
  create index person_by_family on person (family);
  create index person_by_nik on person (nik)`

/** What arrived at the rival's receiver. */
export const ARRIVALS = `
  create table arrival (
    id text primary key,
    body jsonb not null,
    at timestamptz not null
  )`
