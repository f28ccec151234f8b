-- Each release of held entries: by whom, of which findings, and why. The reason is sealed, since it may name a person.
create table release (
  batch text not null references batch on delete cascade,
  at timestamptz not null default clock_timestamp(),
  actor text not null,
  -- Null where all were released that a mended rule or list may answer.
  codes text[] check (cardinality(codes) > 0),
  reason text,
  released integer not null check (released > 0),
  primary key (batch, at)
);
