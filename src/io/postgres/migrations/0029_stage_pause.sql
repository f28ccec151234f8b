-- Operators stop one stage of one platform, and nothing else: its chunks wait where they are until the row is gone.
create table stage_pause (
  platform text not null,
  stage text not null check (stage in ('clean', 'link', 'forward', 'results')),
  -- pause: nothing of the stage is worked. drain: it works off what it has, and the stages before it hand nothing on.
  wish text not null check (wish in ('pause', 'drain')),
  ordered_by text not null,
  ordered_at timestamptz not null default now(),
  primary key (platform, stage)
);
