-- breaking
-- Linkage: blocking keys, doubts for the review desk, what stewards decided, and what a record was called before a merge.
-- Blind indexes (64 bits are enough: one that meets another by chance costs a comparison) of texts that records of one person
-- share; `record` is the key index of a source record.
create table blocking (
  key bigint not null,
  record bytea not null
) partition by hash (key);
create index blocking_by_key on blocking (key);

do $$
begin
  for i in 0..7 loop
    execute format('create table blocking_%s partition of blocking for values with (modulus 8, remainder %s)', i, i);
  end loop;
end $$;

-- A person's NIK is a blocking key from now on: strong evidence, no proof, so it may lead to more than one person.
delete from identifier where kind = 'nik';

-- The subject this record had for its own before that was found to be another one: it goes by that id again after a split.
alter table source_record add column former text;

-- Two records (key indexes of source records) of different persons that may be one: what the review desk shows.
create table review (
  id text primary key,
  a bytea not null,
  b bytea not null,
  -- Evidence in bits, by the model named.
  bits real not null,
  model text not null,
  state text not null default 'open' check (state in ('open', 'decided')),
  opened_at timestamptz not null default now(),
  -- Put off: stays open, and comes last.
  later_at timestamptz,
  -- Four eyes: what the first steward said, until a second one agrees.
  opinion text check (opinion in ('same', 'different')),
  opinion_by text,
  opinion_reason text,
  opinion_at timestamptz,
  decision text check (decision in ('same', 'different')),
  decided_by text,
  reason text,
  decided_at timestamptz,
  unique (a, b),
  check (a < b),
  check ((state = 'decided') = (decision is not null and decided_by is not null and decided_at is not null))
);
create index review_by_b on review (b);
create index review_open on review (later_at nulls first, id) where state = 'open';

-- What stewards said about two records, once and for all: they are one person, or never are.
create table link_decision (
  a bytea not null,
  b bytea not null,
  decision text not null check (decision in ('same', 'different')),
  decided_by text not null,
  reason text not null,
  decided_at timestamptz not null default now(),
  -- The batch of platform `titian` that carries the correction through the pipeline.
  batch text not null,
  primary key (a, b),
  check (a < b)
);
create index link_decision_by_b on link_decision (b);
create index link_decision_by_batch on link_decision (batch);
