-- breaking
-- A second wall between platforms: what a platform asks for runs under a role of its own, which sees that platform's rows alone,
-- whatever a statement of ours forgets. Workers, operators and stewards work as before: their role bypasses row security, as
-- COPY into such a table demands.

-- Who migrates as a superuser need not prepare the roles; for others the message says what is missing.
do $$
declare
  page constant text := 'make the roles as docs/operations/roles-and-databases.md says, then migrate again';
begin
  if not exists (select from pg_roles where rolname = 'titian_platform') then
    create role titian_platform nologin;
  end if;
  if not pg_has_role('titian', 'titian_platform', 'member') then
    grant titian_platform to titian;
  end if;
  if not exists (select from pg_roles where rolname = 'titian' and (rolbypassrls or rolsuper)) then
    alter role titian bypassrls;
  end if;
exception when insufficient_privilege then
  raise exception 'row security between platforms needs the role titian_platform, and titian as one that bypasses it: %', page;
end $$;

grant usage on schema public to titian_platform;
grant select, insert, update, delete on all tables in schema public to titian_platform;
grant usage, select on all sequences in schema public to titian_platform;
grant execute on function append_audit(text, text, text, text, bytea, jsonb) to titian_platform;
alter default privileges in schema public grant select, insert, update, delete on tables to titian_platform;
alter default privileges in schema public grant usage, select on sequences to titian_platform;

-- What no request of a platform needs to see.
revoke all on account, account_recovery, account_session, audit, alert, alert_message, alert_silence, canary, erasure, figures, index_move, label_pair,
  label_round, process, reseal, restriction, running_code, unmerge_opinion, used_proof
  from titian_platform;
-- What it needs to see, and never changes.
revoke insert, update, delete on audit_block, audit_checkpoint, audit_tree, blocking, client, delivery, destination, feed,
  identifier, key_conflict, link_claim, link_decision, link_mark, receipt, receipt_block, release, result_head, result_stranger,
  breach, breach_subject, index_key, restricted, review, source_record, stage_pause, subject, subject_result, subjects_state
  from titian_platform;
revoke update, delete on audit_cosignature from titian_platform;
-- A platform closes the tasks that it was given, and with the last of them the request.
revoke insert, delete on correction_task, person_request from titian_platform;

-- Which migrations there are only the owner changes. The migration tool makes the table.
do $$
begin
  if to_regclass('migration') is not null then
    revoke all on migration from titian_platform;
    if (select relowner from pg_class where oid = 'migration'::regclass) <> 'titian'::regrole then
      revoke insert, update, delete on migration from titian;
    end if;
  end if;
end $$;

-- The platform whose request this transaction works; null outside of any: then no row is seen.
create function wall_platform() returns text language sql stable parallel safe
  return nullif(current_setting('titian.platform', true), '');

-- What BPS says of subjects belongs to no platform: a region is told of people whom it never sent, too.
do $$
declare
  walled text[][] := array[
    ['batch', 'platform = wall_platform()'],
    ['chunk', 'platform = wall_platform()'],
    ['correction_task', 'platform = wall_platform()'],
    ['client', 'platform = wall_platform()'],
    ['delivery', 'platform = wall_platform()'],
    ['event', 'platform = wall_platform()'],
    ['programme_list', 'platform = wall_platform()'],
    ['result_notice', 'platform = wall_platform()'],
    ['source_record', 'platform = wall_platform()'],
    ['stage_pause', 'platform = wall_platform()'],
    ['submission', 'platform = wall_platform()'],
    ['upload', 'platform = wall_platform()'],
    ['webhook', 'platform = wall_platform()'],
    ['withdrawal', 'platform = wall_platform()'],
    ['batch_part', 'exists (select from batch b where b.id = batch_part.batch)'],
    ['entry', 'exists (select from batch b where b.id = entry.batch)'],
    ['erased_again', 'exists (select from batch b where b.id = erased_again.batch)'],
    ['lookup_chunk', 'exists (select from submission s where s.id = lookup_chunk.submission)'],
    ['lookup_row', 'exists (select from submission s where s.id = lookup_row.submission)'],
    ['programme_list_village', 'exists (select from programme_list l where l.id = programme_list_village.list)'],
    ['programme_verdict', 'exists (select from programme_list l where l.id = programme_verdict.list)'],
    ['receipt', 'exists (select from batch b where b.id = receipt.batch)'],
    ['receipt_block', 'exists (select from batch b where b.id = receipt_block.batch)'],
    ['release', 'exists (select from batch b where b.id = release.batch)'],
    ['report', 'exists (select from chunk c where c.id = report.chunk)'],
    ['result_head', 'exists (select from batch b where b.id = result_head.batch)'],
    ['session', 'exists (select from client c where c.id = session.client)'],
    ['snapshot_key', 'exists (select from batch b where b.id = snapshot_key.batch)'],
    ['upload_part', 'exists (select from upload u where u.id = upload_part.upload)'],
    ['webhook_attempt', 'exists (select from webhook w where w.id = webhook_attempt.webhook)'],
    ['webhook_message', 'exists (select from webhook w where w.id = webhook_message.webhook)']
  ];
  name text;
  distributed text[] := '{}';
begin
  -- On the workers of Citus nobody has this role, and a policy that reads a table of the coordinator is refused.
  if to_regclass('pg_catalog.pg_dist_partition') is not null then
    execute 'select array(select logicalrelid::text from pg_catalog.pg_dist_partition)' into distributed;
  end if;
  for i in 1 .. array_length(walled, 1) loop
    name := walled[i][1];
    continue when name = any(distributed);
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_rows on %I to titian_platform using (%s) with check (%s)', name, walled[i][2], walled[i][2]);
  end loop;
end $$;
