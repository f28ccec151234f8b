-- After a restore BPS is asked what it took since, as this copy does not know it: from when on, and how far the asking is.
alter table feed add column lost_since timestamptz, add column lost_after text not null default '';
