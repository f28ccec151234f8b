-- A person may ask to be erased (UU PDP 27/2022): who asked and confirmed, how far it is, and what keeps the person from coming back.

create table erasure (
  id text primary key,
  subject text not null,
  state text not null default 'asked' check (state in ('asked', 'taking', 'destroying', 'done', 'declined')),
  reason text not null,
  asked_by text not null,
  asked_at timestamptz not null default now(),
  confirmed_by text,
  confirmed_at timestamptz,
  as_of bigint,
  batches text[] not null default '{}',
  -- What is looked for in chunks and deliveries, sealed; destroyed with the rest.
  sought bytea,
  cursor text not null default '',
  waiting integer not null default 0,
  due_at timestamptz not null default now(),
  records integer not null default 0,
  entries integer not null default 0,
  deliveries integer not null default 0,
  results integer not null default 0,
  done_at timestamptz,
  certificate text,
  check ((state in ('asked', 'declined')) = (confirmed_at is null)),
  check (confirmed_by is null or confirmed_by <> asked_by),
  check ((state in ('taking', 'destroying')) = (sought is not null)),
  check ((state = 'done') = (certificate is not null))
);
create unique index erasure_open on erasure (subject) where state in ('asked', 'taking', 'destroying');
create index erasure_running on erasure (confirmed_at) where state in ('taking', 'destroying');

-- Blind indexes by which an erased person is known when somebody states it again.
create table erased (
  index bytea primary key check (length(index) = 16),
  erasure text not null,
  -- The person stated a number, so that a record under the same key with another number is somebody else's.
  numbered boolean not null
);

-- Entries that stated an erased person again, until their bytes are destroyed.
create table erased_again (
  batch text not null,
  line integer not null,
  chunk text not null references chunk (id) on delete cascade,
  primary key (batch, line)
);
create index erased_again_by_chunk on erased_again (chunk);
