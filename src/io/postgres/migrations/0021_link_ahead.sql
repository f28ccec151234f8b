-- A chunk is linked before it takes the lock over the subjects. Under the lock it looks at what others have changed since it read.
-- Neither table outlives a crash of the server, and needs to: then no chunk is under way that could ask.
create unlogged table link_mark (
  change bigint not null primary key,
  -- Hashes of 32 bits of what the change touched; null if it may have touched anything.
  marks bytea
);
alter table link_mark alter column marks set storage external;

create unlogged table link_claim (
  chunk text not null primary key,
  epoch integer not null,
  place bigint not null,
  -- Hashes of 32 bits of the keys and identifiers that the chunk may insert.
  keys bytea not null,
  made_at timestamptz not null default now()
);
alter table link_claim alter column keys set storage external;
