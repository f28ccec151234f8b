-- Lists of candidates for aid programmes: who stood on which list, so that the next one can say who came and who went. No value of
-- a record lies here; the reasons are worked out anew from the records whenever a list is read.
create table programme_list (
  id text primary key,
  platform text not null,
  programme text not null,
  version text not null,
  -- What the programme demanded (SHA-256), and the BPS code that was asked for; '' is the whole scope of the platform.
  digest bytea not null,
  region text not null,
  -- The day for which ages and memberships were reckoned.
  day date not null,
  state text not null default 'making' check (state in ('making', 'ready')),
  -- Where the making is: everything up to this subject is in.
  after text not null default '',
  residents integer not null default 0,
  candidates integer not null default 0,
  undecided integer not null default 0,
  elsewhere integer not null default 0,
  added integer,
  gone integer,
  -- Of the deciles that were used: how many residents by version and date.
  deciles jsonb not null default '[]',
  previous text,
  lease_until timestamptz,
  created_at timestamptz not null default now(),
  ready_at timestamptz,
  check ((state = 'ready') = (ready_at is not null))
);
create unique index programme_list_making on programme_list (platform, programme, region) where state = 'making';
create index programme_list_ready on programme_list (platform, programme, region, ready_at desc) where state = 'ready';

create table programme_list_village (
  list text not null references programme_list on delete cascade,
  -- BPS code; '' where the village is not known.
  village text not null,
  residents integer not null,
  candidates integer not null,
  undecided integer not null,
  primary key (list, village)
);

-- Who is a candidate, or undecided, on a list; everybody else of the platform is neither.
create table programme_verdict (
  list text not null references programme_list on delete cascade,
  subject text not null,
  verdict text not null check (verdict in ('candidate', 'undecided')),
  primary key (list, subject)
);

-- The subjects of one platform in their order: lists are made page by page.
create index source_record_by_platform on source_record (platform, subject);
