-- breaking
-- The words of the field for what lay under names of our own: match weight, key conflict, card count, dispatch, subjects.
alter table review rename column bits to weight;
alter table subject rename column anchors to card_count;
alter table twin rename to key_conflict;
alter table registry_state rename to subjects_state;
alter table chunk rename column rung_at to dispatched_at;
