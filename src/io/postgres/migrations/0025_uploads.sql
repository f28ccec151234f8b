-- Uploads that resume at their byte, and submissions: files that belong together and are received as one.
create table upload (
  id text primary key,
  platform text not null,
  -- The client that sends it.
  actor text not null,
  state text not null default 'open' check (state in ('open', 'whole', 'taken', 'refused')),
  length bigint not null check (length > 0),
  -- Bytes that are stored; the next part begins here.
  received bigint not null default 0 check (received between 0 and length),
  dataset text not null,
  media_type text not null,
  encoding text,
  mode text check (mode in ('snapshot')),
  -- Idempotency key of the batch that it becomes.
  key text not null,
  -- SHA-256 that the sender promised of the whole.
  sha256 bytea,
  submission text,
  file text,
  created_at timestamptz not null default now(),
  touched_at timestamptz not null default now(),
  -- When a batch is to be made of it; who does holds it until then. How often that was begun, and how often it failed for no known reason.
  due_at timestamptz not null default now(),
  taken_until timestamptz,
  takes integer not null default 0,
  losses integer not null default 0,
  -- What became of it: the batch, or why there is none.
  batch text,
  problem jsonb,
  check ((state = 'taken') = (batch is not null)),
  check ((state = 'refused') = (problem is not null)),
  check (state = 'open' or received = length)
);
create index upload_by_platform on upload (platform, created_at desc);
create index upload_whole on upload (touched_at) where state = 'whole';
create index upload_resumed on upload (platform, sha256) where state = 'open' and sha256 is not null;

-- The bytes of an upload, sealed, until it has become a batch.
create table upload_part (
  upload text not null references upload on delete cascade,
  at bigint not null,
  bytes integer not null check (bytes > 0),
  sealed bytea not null,
  primary key (upload, at)
);

create table submission (
  id text primary key,
  platform text not null,
  idempotency_key text not null,
  state text not null default 'open' check (state in ('open', 'committed', 'aborted', 'expired')),
  -- The earlier submission that this one takes the place of.
  replaces text references submission,
  created_at timestamptz not null default now(),
  touched_at timestamptz not null default now(),
  committed_at timestamptz,
  unique (platform, idempotency_key)
);
create index submission_by_platform on submission (platform, id desc);
create index submission_open on submission (touched_at) where state = 'open';

-- A file of a submission is a batch, which is `receiving` until the commit.
alter table batch add column submission text references submission;
alter table batch add column file text;
-- Who writes a part into it now, and the last line of the parts that are whole.
alter table batch add column writer text;
alter table batch add column part_lines integer not null default 0;
-- The batches whose records are absent when this one does not hold them; null: all of the dataset.
alter table batch add column replaces text[];
create unique index batch_by_file on batch (submission, file) where submission is not null;

-- What was added to a file, once each.
create table batch_part (
  batch text not null references batch on delete cascade,
  key text not null,
  number integer not null,
  sha256 bytea not null,
  bytes bigint not null,
  first_line integer not null,
  entries integer not null,
  received_at timestamptz not null default now(),
  primary key (batch, key),
  unique (batch, number)
);

-- Whoever signed in at the portal: a browser keeps the name of its session, of which this is the blind index.
create table session (
  index bytea primary key,
  client text not null references client,
  -- What forms of this session carry, so that no other page can send them.
  csrf text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index session_by_age on session (seen_at);
