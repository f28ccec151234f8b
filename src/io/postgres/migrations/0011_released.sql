-- Whether the entries of a chunk were held and released: somebody has looked at them.
alter table chunk add column released boolean not null default false;
