-- Webhooks: what there is to tell (event), whom a platform wants told (webhook), one of the one for one of the other
-- (webhook_message), and every attempt to send it.
create table event (
  id text primary key default 'evt_' || replace(gen_random_uuid()::text, '-', ''),
  platform text not null,
  type text not null check (type in ('batch.settled', 'results.available', 'delivery.refused', 'agreement.ending', 'webhook.test')),
  -- What must be told once only has a name; null: each is an event of its own.
  name text unique,
  -- Ids and counts, never a personal value.
  data jsonb not null check (jsonb_typeof(data) = 'object'),
  occurred_at timestamptz not null default clock_timestamp(),
  -- Null until it has a message for every webhook that wants it.
  planned_at timestamptz
);
create index event_to_plan on event (occurred_at) where planned_at is null;
create index event_by_platform on event (platform, occurred_at);
create index event_by_time on event (occurred_at);

create table webhook (
  id text primary key,
  platform text not null,
  name text not null,
  url text not null,
  events text[] not null check (cardinality(events) > 0),
  -- Both secrets are sealed; the earlier one signs too until its time is over.
  secret bytea not null,
  earlier_secret bytea,
  earlier_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  disabled_at timestamptz,
  disabled_reason text check (disabled_reason in ('gone', 'failing')),
  -- Failures in a row; until when it is left alone; when something arrived last.
  failures integer not null default 0 check (failures >= 0),
  rest_until timestamptz,
  delivered_at timestamptz,
  unique (platform, name),
  check ((disabled_at is null) = (disabled_reason is null)),
  check ((earlier_secret is null) = (earlier_until is null))
);

create table webhook_message (
  webhook text not null references webhook on delete cascade,
  event text not null references event on delete cascade,
  state text not null default 'due' check (state in ('due', 'delivered', 'failed')),
  due_at timestamptz not null default now(),
  -- Failures of this series; a replay begins a new one. Claims so far number the attempts.
  failures integer not null default 0 check (failures >= 0),
  failing_since timestamptz,
  claims integer not null default 0 check (claims >= 0),
  lease_until timestamptz,
  primary key (webhook, event)
);
create index webhook_message_due on webhook_message (webhook, due_at, event) where state = 'due';
create index webhook_message_leased on webhook_message (webhook) where lease_until is not null;
create index webhook_message_by_event on webhook_message (event);

create table webhook_attempt (
  webhook text not null,
  event text not null,
  number integer not null check (number > 0),
  started_at timestamptz not null default clock_timestamp(),
  -- Null while it is under way, and for ever where its process died.
  milliseconds integer check (milliseconds >= 0),
  -- `delivered`, `refused` by a status, or the code of what failed.
  result text,
  status integer,
  primary key (webhook, event, number),
  foreign key (webhook, event) references webhook_message on delete cascade
);
create index webhook_attempt_by_time on webhook_attempt (webhook, started_at desc, event desc, number desc);

-- Events are written by triggers, in the very transaction that makes them true: neither can be there without the other,
-- and who settles a batch need not know who wants to hear of it.
create function note_settled_batch() returns trigger language plpgsql as $$
begin
  insert into event (platform, type, data)
  select new.platform, 'batch.settled', jsonb_build_object(
    'batch', new.id, 'dataset', new.dataset, 'received', new.received, 'new', coalesce(sum(c.new), 0),
    'updated', coalesce(sum(c.updated), 0), 'unchanged', coalesce(sum(c.unchanged), 0),
    'rejected', coalesce(sum(c.rejected), 0), 'held', coalesce(sum(c.held), 0))
  from chunk c where c.batch = new.id;
  return null;
end $$;
-- The batches that Titian opens for itself are nobody's news.
create trigger event_of_batch after update of state on batch for each row
when (new.state = 'settled' and old.state <> 'settled' and new.kind not in ('decision', 'relink'))
execute function note_settled_batch();

-- A refusal is told once for a delivery as a whole, however often it is tried again, and once for records of it.
create function note_refused_delivery() returns trigger language plpgsql as $$
begin
  insert into event (platform, type, name, data)
  select new.platform, 'delivery.refused', 'delivery.refused ' || new.id || ' ' || part.of, jsonb_build_object(
    'delivery', new.id, 'batch', new.batch, 'of', part.of, 'records', new.records, 'refused', part.refused)
  from (values
    ('delivery', case when new.last_answer like 'refused: %' then new.records end),
    ('records', case when jsonb_typeof(new.receipt -> 'refused') = 'array' then nullif(jsonb_array_length(new.receipt -> 'refused'), 0) end)
  ) as part (of, refused)
  where part.refused is not null
  on conflict (name) do nothing;
  return null;
end $$;
create trigger event_of_delivery after update of last_answer, receipt on delivery for each row
when (new.last_answer like 'refused: %' or jsonb_typeof(new.receipt -> 'refused') = 'array')
execute function note_refused_delivery();

-- Results that a platform is to be told of (rows of result_notice without a place). What it has not heard of yet grows: a file of a
-- million results is one event. Its name is taken away when it is told, so that the next one is another.
create function note_results() returns trigger language plpgsql as $$
begin
  insert into event (platform, type, name, data)
  select platform, 'results.available', 'results.available ' || platform, jsonb_build_object('results', count(*))
  from told where position is null group by platform order by platform
  on conflict (name) do update set data = jsonb_build_object('results',
    (event.data ->> 'results')::bigint + (excluded.data ->> 'results')::bigint);
  return null;
end $$;

-- Who has news in the results feed hears of it once for each statement that notes some.
create trigger event_of_new_results after insert on result_notice
  referencing new table as told for each statement execute function note_results();
create trigger event_of_results after update on result_notice
  referencing new table as told for each statement execute function note_results();
