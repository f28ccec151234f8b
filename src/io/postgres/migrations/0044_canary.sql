-- A marker goes through each queue every few seconds, so that one that nobody answers is seen when there is no other work, too.
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
