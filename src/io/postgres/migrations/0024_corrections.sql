-- The answer that a region can work with: what a later batch corrected of an earlier one, and batches that count all or nothing.

-- The later batch that brought a good record under the key of this rejected or held entry.
alter table entry add column corrected_by text;
-- What is still open under a key: looked up for every entry that comes, so it holds nothing else.
create index entry_open on entry (key_index)
  where outcome in ('rejected', 'held') and corrected_by is null and key_index is not null;
create index entry_corrected on entry (batch) where corrected_by is not null;

-- `strict`: one rejected or held entry refuses the whole batch.
alter table batch add column mode text not null default 'partial' check (mode in ('partial', 'strict'));
-- When a strict batch was refused.
alter table batch add column refused_at timestamptz;
-- Who waits for a batch asks for the latest settling.
create index batch_by_settling on batch (settled_at desc) where settled_at is not null;
