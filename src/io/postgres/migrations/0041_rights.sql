-- A person may ask what is held, have it corrected, have its use restricted (UU PDP 27/2022, articles 30, 32 and 41); a breach is told (46).

alter table batch drop constraint batch_kind_check;
alter table batch add constraint batch_kind_check
  check (kind in ('push', 'decision', 'relink', 'results', 'withdrawal', 'restriction'));
drop trigger event_of_batch on batch;
create trigger event_of_batch after update of state on batch for each row
when (new.state = 'settled' and old.state <> 'settled' and new.kind not in ('decision', 'relink', 'restriction'))
execute function note_settled_batch();

create table restriction (
  id text primary key,
  subject text not null,
  state text not null default 'asked' check (state in ('asked', 'declined', 'held', 'lifting', 'lifted')),
  reason text not null,
  -- When the person asked: the clock of the law runs from then.
  received_at timestamptz not null default now(),
  asked_by text not null,
  asked_at timestamptz not null default now(),
  confirmed_by text,
  confirmed_at timestamptz,
  -- By what the person is known again, sealed.
  known bytea,
  lift_reason text,
  lift_asked_by text,
  lift_asked_at timestamptz,
  lifted_by text,
  lifted_at timestamptz,
  -- The batches by which BPS is told.
  batches text[] not null default '{}',
  check (received_at <= asked_at),
  check ((state in ('asked', 'declined')) = (confirmed_at is null)),
  check (confirmed_by is null or confirmed_by <> asked_by),
  check ((state in ('held', 'lifting')) = (known is not null)),
  check ((state in ('lifting', 'lifted')) = (lift_asked_at is not null)),
  check ((state = 'lifted') = (lifted_at is not null)),
  check (lifted_by is null or lifted_by <> lift_asked_by)
);
create unique index restriction_open on restriction (subject) where state in ('asked', 'held', 'lifting');

-- Names by which a restricted person is known: ids, and blind indexes of keys and of the number.
create table restricted (
  name text not null,
  restriction text not null,
  -- The person stated a number, so that a record under the same key with another number is somebody else's.
  numbered boolean not null,
  primary key (name, restriction)
);
create index restricted_by_restriction on restricted (restriction);

-- A request for access or correction: asked for by one steward in the name of a person, confirmed by another.
create table person_request (
  id text primary key,
  about text not null check (about in ('access', 'correction')),
  subject text not null,
  state text not null default 'asked' check (state in ('asked', 'declined', 'open', 'done')),
  -- Sealed.
  reason text not null,
  received_at timestamptz not null default now(),
  asked_by text not null,
  asked_at timestamptz not null default now(),
  confirmed_by text,
  confirmed_at timestamptz,
  -- When what was asked for was given: the clock of the law stops.
  done_at timestamptz,
  check (received_at <= asked_at),
  check ((state in ('asked', 'declined')) = (confirmed_at is null)),
  check (confirmed_by is null or confirmed_by <> asked_by),
  check ((state = 'done') = (done_at is not null))
);
create index person_request_undone on person_request (received_at) where state in ('asked', 'open');
