-- Pairs of records that stewards label, drawn by strata: what says how right linkage is on the data that is there.

create table label_round (
  id text primary key,
  -- The version of the model that weighed the pairs.
  model text not null,
  -- Candidate pairs of each stratum among the records that were looked at: what a labelled pair stands for.
  strata jsonb not null,
  records integer not null check (records > 0),
  drawn_by text not null,
  drawn_at timestamptz not null default now()
);

-- A pair that was drawn. A label is an answer of a steward; it decides nothing about the two.
create table label_pair (
  round text not null references label_round (id) on delete cascade,
  place integer not null check (place > 0),
  a bytea not null,
  b bytea not null,
  stratum text not null,
  label text check (label in ('same', 'different', 'unsure')),
  labelled_by text,
  labelled_at timestamptz,
  reason text,
  -- The index key that a rotation has put the row under.
  moved_to smallint,
  primary key (round, place),
  unique (round, a, b),
  check (a < b),
  check ((label is null) = (labelled_by is null) and (label is null) = (labelled_at is null)),
  check (reason is null or label is not null)
);
create index label_pair_by_a on label_pair (a);
create index label_pair_by_b on label_pair (b);
