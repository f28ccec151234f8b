-- What a region and BPS can prove: a receipt of every settled batch, and how far each delivery is on its way.

-- One tree for each time a batch was settled with other outcomes (an edition). It is signed once, when it is whole.
create table receipt (
  batch text not null references batch on delete cascade,
  edition integer not null check (edition > 0),
  -- The settling that it speaks of: a batch that was settled again since wants another edition, or this one confirmed.
  settled_at timestamptz not null,
  size integer not null check (size > 0),
  root bytea check (length(root) = 32),
  checkpoint text,
  signed_at timestamptz,
  primary key (batch, edition),
  check ((root is null) = (checkpoint is null) and (root is null) = (signed_at is null))
);

-- Up to 1,024 leaves in the order of their lines: a whole subtree, so that one proof reads one block and the roots of the others.
create table receipt_block (
  batch text not null,
  edition integer not null,
  block integer not null check (block >= 0),
  first_line integer not null,
  last_line integer not null,
  -- One letter for the outcome of each entry.
  outcomes text not null,
  -- The hashes of the leaves, 32 bytes each.
  leaves bytea not null check (length(leaves) = 32 * length(outcomes)),
  root bytea not null check (length(root) = 32),
  primary key (batch, edition, block),
  foreign key (batch, edition) references receipt on delete cascade
);

-- The settling whose receipt is made; one whose source records were gone by then is passed over, and so noted.
alter table batch add column receipted_at timestamptz;
create index batch_without_receipt on batch (settled_at)
  where state = 'settled' and kind = 'push' and receipted_at is distinct from settled_at;

-- When the bytes of a delivery were first on their way: pushed, or fetched by who pulls.
alter table delivery add column sent_at timestamptz;
update delivery set sent_at = coalesce(tried_at, acknowledged_at, composed_at) where attempts > 0 or state = 'acknowledged';

-- That a delivery is to be sent again, since the receiver was restored to an older copy.
alter table delivery
  add column resends integer not null default 0,
  add column resent_at timestamptz,
  add column resent_by text,
  -- What the operator wrote, sealed.
  add column resent_reason text;

-- How far it is, in one word; the one place that decides it.
alter table delivery add column status text not null generated always as (
  case
    when state = 'acknowledged' then 'acknowledged'
    when starts_with(last_answer, 'refused') then 'refused'
    when sent_at is not null then 'sent'
    else 'composed'
  end) stored;
create index delivery_by_batch on delivery (batch);
