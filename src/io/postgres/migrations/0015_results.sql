-- Results: what BPS says of each subject comes as a batch of its own kind, and every platform that reported the subject is told.
alter table batch drop constraint batch_kind_check;
alter table batch add constraint batch_kind_check check (kind in ('push', 'decision', 'relink', 'results', 'withdrawal'));

alter table chunk drop constraint chunk_state_check;
alter table chunk add constraint chunk_state_check
  check (state in ('receiving', 'received', 'clean', 'linked', 'posted', 'settled'));
alter table chunk drop constraint chunk_check;
alter table chunk add constraint chunk_check
  check (state in ('receiving', 'received', 'clean', 'posted') or new + updated + unchanged + rejected + held = entries);
drop index chunk_due;
create index chunk_due on chunk (platform, due_at) where state in ('received', 'clean', 'linked', 'posted');

alter table report drop constraint report_stage_check;
alter table report add constraint report_stage_check check (stage in ('clean', 'link', 'forward', 'results'));

-- Version and date that a file of the DTSEN is of: its rows do not say them.
create table result_head (
  batch text primary key references batch on delete cascade,
  version text not null,
  as_of date not null
);

create sequence subject_result_order;

-- Every result that took effect, one row for each entry that was new or updated. What it says is sealed; an overtaken one
-- loses that in time, its row stays, so that the sums of its batch close for ever.
create table subject_result (
  id bigint primary key,
  subject text not null,
  level text not null check (level in ('keluarga', 'individu')),
  batch text not null,
  line integer not null,
  receipt_order bigint not null,
  version text not null,
  as_of date not null,
  status text not null check (status in ('active', 'dead', 'moved', 'not-found', 'excluded')),
  reason text,
  -- BPS code of the region that BPS lists the subject in.
  region text,
  -- Blind index of what the result says.
  content_hash bytea not null,
  sealed bytea,
  applied_at timestamptz not null default now(),
  overtaken_at timestamptz,
  unique (batch, line)
);
create unique index subject_result_latest on subject_result (subject) where overtaken_at is null;
create index subject_result_overtaken on subject_result (overtaken_at) where overtaken_at is not null and sealed is not null;

-- Results about somebody whom no platform has sent: who they are is not kept, only where they live.
create table result_stranger (
  batch text not null,
  line integer not null,
  level text not null check (level in ('keluarga', 'individu')),
  version text not null,
  as_of date not null,
  status text not null,
  reason text,
  region text,
  received_at timestamptz not null default now(),
  primary key (batch, line)
);

create sequence result_position;

-- Which platform is to be told of which subject's latest result. A subject that has news again gets a new place.
create table result_notice (
  platform text not null,
  subject text not null,
  -- Place in the platform's feed, given after commit by the one sequencer, so that a cursor never skips a late commit.
  position bigint unique,
  noted_at timestamptz not null default now(),
  primary key (platform, subject)
);
create index result_notice_feed on result_notice (platform, position) where position is not null;
create index result_notice_unplaced on result_notice (noted_at) where position is null;
