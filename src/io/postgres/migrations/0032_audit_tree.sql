-- breaking
-- The audit log becomes a transparency log: the application appends by one function alone, and signed checkpoints over a Merkle tree of
-- the rows are kept. Its rows so far are the first leaves.
alter table audit add column shown jsonb check (jsonb_typeof(shown) = 'object');
comment on column audit.shown is 'What else is known about it, in the clear: counts and purposes, never a value. `details` is its digest.';

-- Computes what src/trust/audit/audit.ts verifies: the hash of the row as JSON, without spaces. The clock is that of the database.
create function append_audit(actor text, action text, kind text, object text, details bytea, shown jsonb)
returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  last record;
  place bigint;
  moment timestamptz;
  bound bytea;
begin
  perform pg_advisory_xact_lock(hashtext('titian audit'));
  -- A statement of its own, after the lock: it sees what the one before has committed.
  select a.sequence, a.hash into last from public.audit a order by a.sequence desc limit 1;
  place := coalesce(last.sequence, 0) + 1;
  bound := coalesce(last.hash, decode(repeat('00', 32), 'hex'));
  moment := date_trunc('milliseconds', clock_timestamp());
  insert into public.audit (sequence, at, actor, action, kind, object, details, shown, previous, hash)
  values (place, moment, actor, action, kind, object, details, shown, bound, sha256(convert_to(
    '[' || place || ',' || to_json(to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
    || ',' || to_json(actor) || ',' || to_json(action) || ',' || to_json(kind) || ',' || to_json(object)
    || ',"' || encode(details, 'hex') || '","' || encode(bound, 'hex') || '"]', 'UTF8')));
  return place;
end $$;

-- A checkpoint over the first `size` rows. `leaves` are the hashes of those after the checkpoint before, 32 bytes each.
create table audit_checkpoint (
  size bigint primary key check (size > 0),
  root bytea not null check (length(root) = 32),
  note text not null,
  leaves bytea not null check (length(leaves) % 32 = 0 and length(leaves) > 0),
  signed_at timestamptz not null default now()
);

-- Roots of whole blocks of 1024 leaves, counted from 0, so that a proof need not read every leaf.
create table audit_block (
  block bigint primary key check (block >= 0),
  root bytea not null check (length(root) = 32)
);

-- What witnesses said of checkpoints: one line of a signed note each.
create table audit_cosignature (
  size bigint not null references audit_checkpoint,
  witness text not null,
  line text not null,
  at timestamptz not null default now(),
  primary key (size, witness)
);

-- When the tree was last found to be as far as the log: one row.
create table audit_tree (
  one boolean primary key default true check (one),
  confirmed_at timestamptz not null default now()
);
insert into audit_tree default values;

create trigger audit_checkpoint_stays before update or delete on audit_checkpoint for each row execute function refuse_audit_change();
create trigger audit_checkpoint_stays_whole before truncate on audit_checkpoint for each statement execute function refuse_audit_change();

revoke execute on function append_audit(text, text, text, text, bytea, jsonb) from public;
-- The application's role was given these on every table; its name is the installation's own.
do $$
declare
  holder text;
begin
  for holder in
    select distinct grantee from information_schema.role_table_grants
    where table_schema = current_schema and table_name = 'audit' and grantee <> current_user
  loop
    execute format('grant execute on function append_audit(text, text, text, text, bytea, jsonb) to %I', holder);
    execute format('revoke insert, update, delete, truncate on audit from %I', holder);
    execute format('revoke update, delete, truncate on audit_checkpoint, audit_block, audit_cosignature from %I', holder);
    execute format('revoke insert, delete, truncate on audit_tree from %I', holder);
  end loop;
end $$;
