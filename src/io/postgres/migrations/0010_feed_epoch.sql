-- The feed of deliveries has an epoch: positions of one epoch mean nothing in another, as after the restore of an older copy.
create table feed (
  whole boolean primary key default true check (whole),
  epoch text not null check (epoch ~ '^[0-9a-f]{12}$'),
  renewed_at timestamptz not null default now()
);
insert into feed (epoch) values (right(replace(gen_random_uuid()::text, '-', ''), 12));

-- What the receiver said last to a delivery that it has not taken, and when: for those who operate the gateway.
alter table delivery add column last_answer text, add column tried_at timestamptz;
