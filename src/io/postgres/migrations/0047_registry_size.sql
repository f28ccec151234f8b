-- How many records there are decides how much must speak for a pair before a steward is asked: the last size seen, a power of two.
alter table subjects_state add column records bigint not null default 0;
