-- Where BPS was told that a subject lives, so that a move is noticed, and what each delivery changes: the feed of changes.

-- Blind index of the region that the subject's own records say, as last told; null where they say none.
alter table subject add column region_hash bytea;

-- The changes of a delivery, compressed: subject, kind, version and other ids, no personal value. They stay when the bytes are destroyed.
alter table delivery add column changes bytea;

-- The order in which deliveries were composed: drawn under the subjects' lock, so it is that of the commits, whatever clocks say.
create sequence delivery_composed;
alter table delivery add column composed_order bigint;
