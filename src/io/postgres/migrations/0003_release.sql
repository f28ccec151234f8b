-- Held entries that are released go into chunks of their own, cleaned by a later version than the batch is pinned to.
-- Null: the version of the batch.
alter table chunk add column dataset_version text;
