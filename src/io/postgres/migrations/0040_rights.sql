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

-- What a person asks to be corrected, sealed; destroyed when it is done.
alter table person_request add column wish bytea;

-- A correction is the source's own affair: one task for each record that states what is to be corrected.
create table correction_task (
  id text primary key,
  request text not null references person_request (id),
  platform text not null,
  dataset text not null,
  record_index bytea not null check (length(record_index) = 16),
  -- The content of the record when it was last looked at.
  content bytea not null,
  state text not null default 'open' check (state in ('open', 'corrected', 'withdrawn', 'kept')),
  due_at timestamptz not null,
  -- What is to be corrected, for the platform; destroyed when the task is closed.
  said bytea,
  opened_at timestamptz not null default now(),
  closed_at timestamptz,
  -- Why the platform keeps the record as it is, sealed.
  kept_reason text,
  closed_by text,
  -- The index key that a rotation has put the row under.
  moved_to smallint,
  check ((state = 'open') = (closed_at is null)),
  check ((state = 'open') = (said is not null)),
  check ((state = 'kept') = (kept_reason is not null))
);
create index correction_task_open on correction_task (platform, id) where state = 'open';
create index correction_task_by_request on correction_task (request);

alter table event drop constraint event_type_check;
alter table event add constraint event_type_check check (type in (
  'batch.settled', 'results.available', 'delivery.refused', 'agreement.ending', 'agreement.overdue', 'correction.asked',
  'webhook.test'));
-- The platform is told in the transaction that makes the task.
create function note_correction() returns trigger language plpgsql as $$
begin
  insert into event (platform, type, name, data)
  values (new.platform, 'correction.asked', 'correction.asked ' || new.id, jsonb_build_object(
    'correction', new.id, 'dataset', new.dataset,
    'due_at', to_char(new.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  return null;
end $$;
create trigger event_of_correction after insert on correction_task for each row execute function note_correction();

-- A breach (article 46): when it was known, what is said of it, sealed, and whom it concerns.
create table breach (
  id text primary key,
  state text not null default 'open' check (state in ('open', 'told', 'closed')),
  known_at timestamptz not null,
  -- What data, how it came about, and what is done; free text, sealed.
  said bytea not null,
  -- By what those concerned were found.
  client text,
  from_at timestamptz,
  to_at timestamptz,
  batches text[] not null default '{}',
  -- Platforms all of whose records may be concerned; `*` is everybody's.
  platforms text[] not null default '{}',
  subjects integer not null default 0,
  opened_by text not null,
  opened_at timestamptz not null default now(),
  told_by text,
  told_at timestamptz,
  closed_by text,
  closed_at timestamptz,
  check (known_at <= opened_at),
  check ((state = 'open') = (told_at is null)),
  check ((state = 'closed') = (closed_at is not null)),
  check (client is not null or cardinality(batches) > 0)
);
create index breach_untold on breach (known_at) where state = 'open';
create table breach_subject (
  breach text not null references breach (id),
  subject text not null,
  primary key (breach, subject)
);
