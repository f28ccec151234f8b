-- Whoever is on duty sees which queue nobody answers, and what a restored copy has lost: a marker goes through each queue every few
-- seconds, so that one that nobody answers is seen when there is no other work, too.
create table canary (
  stage text not null,
  lane text not null,
  -- Grows with every sending: an answer to an earlier one counts for nothing.
  round integer not null default 0,
  -- Null while none is under way.
  sent_at timestamptz,
  passed_at timestamptz not null default now(),
  primary key (stage, lane)
);

-- What the receiver said after the last restore: how many it had heard of that this copy does not know, or not as they are.
alter table feed
  add column lost_withdrawn integer not null default 0,
  add column lost_older integer not null default 0,
  add column lost_offered boolean not null default true,
  add column restored boolean not null default false;

-- A platform is told that what it pushed last is lost, and from when on to push again.
alter table event drop constraint event_type_check;
alter table event add constraint event_type_check check (type in (
  'batch.settled', 'results.available', 'delivery.refused', 'agreement.ending', 'agreement.overdue', 'gateway.restored', 'correction.asked',
  'webhook.test'));
