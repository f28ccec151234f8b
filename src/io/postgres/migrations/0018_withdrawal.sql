-- Withdrawal: what a platform takes back, by record, by batch, or by a snapshot that does not hold it.
alter table batch drop constraint batch_kind_check;
alter table batch add constraint batch_kind_check
  check (kind in ('push', 'decision', 'relink', 'results', 'withdrawal'));
-- Of a withdrawal: what was received after this place in the order of receipt stays.
alter table batch add column as_of bigint;
-- When its records that were not linked yet were dropped.
alter table batch add column aborted_at timestamptz;
-- Of a snapshot: how far it is, how many records of the dataset it does not hold, and how many there are.
alter table batch add column snapshot text check (snapshot in ('open', 'held', 'withdrawn', 'kept'));
alter table batch add column absent integer;
alter table batch add column standing integer;
-- Who decided about it when it was held, and why, sealed.
alter table batch add column snapshot_by text;
alter table batch add column snapshot_reason text;
create index batch_withdrawals on batch (platform, dataset, as_of) where kind = 'withdrawal';
create index batch_snapshots on batch (platform, dataset, receipt_order) where snapshot is not null;

-- Which records an entry brought.
create index source_record_by_entry on source_record (batch, line);

-- When the last source record of a subject was withdrawn; a family may come back by its card.
alter table subject add column withdrawn_at timestamptz;

-- One wish to withdraw: the batch that carries it, why, and what it is about.
create table withdrawal (
  batch text primary key,
  platform text not null,
  dataset text not null,
  reason text not null,
  -- The batch that is withdrawn, or the snapshot that others are absent from.
  about text,
  -- Blind index of the one record's key that was named.
  named bytea,
  requested_by text not null,
  requested_at timestamptz not null default now()
);
create index withdrawal_by_about on withdrawal (about) where about is not null;
create index withdrawal_by_named on withdrawal (named) where named is not null;

-- What an entry of a withdrawal takes away. It stays: a push that was received before and is linked later finds it.
create table withdrawal_target (
  batch text not null references withdrawal,
  line integer not null,
  -- Blind index of an entry's key: with `whole`, all records that came under it go.
  entry_index bytea,
  record_index bytea,
  whole boolean not null default false,
  as_of bigint not null,
  check (entry_index is not null or record_index is not null)
);
create index withdrawal_target_by_batch on withdrawal_target (batch, line);
create index withdrawal_target_by_record on withdrawal_target (record_index) where record_index is not null;
create index withdrawal_target_by_entry on withdrawal_target (entry_index) where whole;

-- The records that a snapshot holds, until it is known which are absent.
create table snapshot_key (
  batch text not null,
  record_index bytea not null
);
create index snapshot_key_by_batch on snapshot_key (batch, record_index);
