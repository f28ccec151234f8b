-- The audit log: who did what to which thing. Rows are appended only, each bound to the one before it by its hash.
create table audit (
  sequence bigint primary key check (sequence > 0),
  at timestamptz not null,
  actor text not null,
  action text not null,
  kind text not null,
  object text not null,
  -- SHA-256 of what else is known about it: compared with the thing itself, never a value.
  details bytea not null check (length(details) = 32),
  previous bytea not null unique check (length(previous) = 32),
  hash bytea not null unique check (length(hash) = 32)
);
create index audit_by_object on audit (kind, object);

create function refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is appended to only' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_stays before update or delete on audit for each row execute function refuse_audit_change();
create trigger audit_stays_whole before truncate on audit for each statement execute function refuse_audit_change();

-- The application's role was given these on every table; its name is the installation's own.
do $$
declare
  holder text;
begin
  for holder in
    select distinct grantee from information_schema.role_table_grants
    where table_schema = current_schema and table_name = 'audit' and grantee <> current_user
  loop
    execute format('revoke update, delete, truncate on audit from %I', holder);
  end loop;
end $$;
