-- Deliveries keep the order of their commits, their place in a chain of digests, what they touch, and who has them on lease.
create sequence if not exists delivery_composed;
alter table delivery
  -- Drawn under the lock over subjects: of two deliveries of one subject the later one has the higher number, whatever the clocks say.
  add column if not exists composed_order bigint,
  -- SHA-256 over the chain of the delivery before in the feed and the digest of this one.
  add column chain bytea,
  -- BPS codes of the provinces, regencies and districts of the records; null: not all of them are known.
  add column regions text[],
  -- Sorted 32-bit hashes of the subjects that the lines name; null: not known.
  add column subjects bytea,
  add column lease text,
  add column leased_by text,
  add column lease_until timestamptz;
alter table delivery alter column composed_order set default nextval('delivery_composed');
create index delivery_by_region on delivery using gin (regions);
create index delivery_by_platform on delivery (platform, position);
create index delivery_to_pull on delivery (position) where state = 'composed';
create index delivery_unchained on delivery (position) where chain is null;
