-- The main job: batches, chunks, the ledger, the registry of subjects, deliveries, clients.
create table client (
  id text primary key,
  platform text,
  scopes text[] not null,
  secret_hash text not null,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);

create sequence batch_order;

create table batch (
  id text primary key,
  platform text not null,
  dataset text not null,
  dataset_version text not null,
  agreement text not null,
  idempotency_key text not null,
  state text not null default 'receiving' check (state in ('receiving', 'received', 'settled')),
  -- The order of receipt, given when the batch is whole: an older batch never overwrites what a newer one said.
  receipt_order bigint unique,
  payload_sha256 bytea,
  payload_bytes bigint not null default 0,
  received integer not null default 0,
  created_at timestamptz not null default now(),
  touched_at timestamptz not null default now(),
  received_at timestamptz,
  settled_at timestamptz,
  unique (platform, idempotency_key),
  check (state = 'receiving' or (receipt_order is not null and payload_sha256 is not null))
);
create index batch_by_platform on batch (platform, created_at desc);
create index batch_open on batch (state) where state <> 'settled';

create table chunk (
  id text primary key,
  batch text not null references batch on delete cascade,
  platform text not null,
  first_line integer not null,
  entries integer not null check (entries > 0),
  state text not null default 'receiving' check (state in ('receiving', 'received', 'clean', 'linked', 'settled')),
  epoch integer not null default 0,
  lease_until timestamptz,
  -- When the doorbell for the present state was last rung; null: nobody was told yet.
  rung_at timestamptz,
  due_at timestamptz not null default now(),
  -- Claims since the last progress; what kills its worker again and again is cut in two.
  attempts integer not null default 0,
  raw bytea,
  cleaned bytea,
  new integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  rejected integer not null default 0,
  held integer not null default 0,
  settled_at timestamptz,
  unique (batch, first_line),
  check (state in ('receiving', 'received', 'clean') or new + updated + unchanged + rejected + held = entries)
);
create index chunk_due on chunk (platform, due_at) where state in ('received', 'clean', 'linked');

-- Findings of one chunk as one stage made them: compressed NDJSON, free of personal values, and the counts by code.
create table report (
  chunk text not null references chunk on delete cascade,
  stage text not null check (stage in ('clean', 'link', 'forward')),
  findings bytea not null,
  counts jsonb not null,
  primary key (chunk, stage)
);

-- The ledger: one row for each entry, written when its outcome is known.
create table entry (
  batch text not null references batch on delete cascade,
  line integer not null,
  chunk text not null,
  key_index bytea,
  outcome text not null check (outcome in ('new', 'updated', 'unchanged', 'rejected', 'held')),
  primary key (batch, line)
);
create index entry_by_key on entry (key_index) where key_index is not null;
create index entry_by_chunk on entry (chunk);

-- Subjects. Partitioned by their own key, so that a distributed PostgreSQL can take them over as they are.
create table subject (
  id text primary key,
  level text not null check (level in ('keluarga', 'individu')),
  version integer not null,
  golden_hash bytea not null,
  -- The family a person belongs to now; null for a family.
  family text,
  -- Set when this subject was found to be another one: follow it.
  merged_into text
) partition by hash (id);

-- The latest state of a subject as one dataset of one platform reports it.
create table source_record (
  -- Blind index of platform, dataset, level and source key.
  key_index bytea primary key,
  subject text not null,
  platform text not null,
  dataset text not null,
  receipt_order bigint not null,
  batch text not null,
  line integer not null,
  content_hash bytea not null,
  sealed bytea not null
) partition by hash (key_index);
create index source_record_by_subject on source_record (subject);

-- What leads from a blind index to a subject: NIK to person, No. KK or household key to family.
create table identifier (
  index bytea primary key,
  subject text not null
) partition by hash (index);
create index identifier_by_subject on identifier (subject);

do $$
begin
  for i in 0..7 loop
    execute format('create table subject_%s partition of subject for values with (modulus 8, remainder %s)', i, i);
    execute format('create table source_record_%s partition of source_record for values with (modulus 8, remainder %s)', i, i);
    execute format('create table identifier_%s partition of identifier for values with (modulus 8, remainder %s)', i, i);
  end loop;
end $$;

create sequence delivery_position;

-- One outbound package of golden records; its bytes never change.
create table delivery (
  id text primary key,
  chunk text not null unique,
  batch text not null,
  platform text not null,
  -- Place in the feed, given after commit by the one sequencer, so that a cursor never skips a late commit.
  position bigint unique,
  state text not null default 'composed' check (state in ('composed', 'acknowledged')),
  records integer not null,
  entries integer not null,
  bytes integer not null,
  -- SHA-256 of the stored bytes, as delivered.
  digest bytea not null,
  manifest jsonb not null,
  payload bytea,
  attempts integer not null default 0,
  composed_at timestamptz not null default now(),
  acknowledged_at timestamptz,
  acknowledged_by text,
  receipt jsonb
);
create index delivery_unsequenced on delivery (composed_at) where position is null;
create index delivery_open on delivery (state) where state = 'composed';

-- Circuit breaker of a destination, shared by all workers.
create table destination (
  name text primary key,
  failures integer not null default 0,
  open_until timestamptz
);
