-- Numbers are counted once for all processes, and every process shows that it lives, so that one that is missing is seen.

create table figures (
  whole boolean primary key default true check (whole),
  counted_at timestamptz not null,
  figures jsonb not null
);

create table process (
  id text primary key,
  kind text not null check (kind in ('gateway', 'worker')),
  host text not null,
  version text not null,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- Held entries that nothing has corrected: how many, and how old.
create index entry_held on entry (batch) where outcome = 'held' and corrected_by is null;

-- Where the trace of a batch began (W3C traceparent): its stages go on with it, in whichever process they run.
alter table batch add column trace text check (trace ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$');

-- What is wrong at this moment, and whether somebody was told: a restart repeats nothing.
create table alert (
  name text not null,
  subject text not null,
  value double precision not null,
  since timestamptz not null default now(),
  ended_at timestamptz,
  told_at timestamptz,
  told_end boolean not null default false,
  telling_until timestamptz,
  primary key (name, subject)
);

create table alert_silence (
  name text not null,
  subject text not null,
  until timestamptz not null,
  silenced_by text not null,
  reason text not null check (reason <> ''),
  primary key (name, subject)
);

create table alert_message (
  sent_at timestamptz not null default clock_timestamp()
);
create index alert_message_by_time on alert_message (sent_at);
