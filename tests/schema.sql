-- What the migrations make. Written by `npm run schema`; a test compares.

create table account (
  id text not null,
  name bytea not null,
  name_index bytea not null,
  roles text[] not null,
  password_salt bytea,
  password_digest bytea,
  first_until timestamp with time zone,
  totp bytea,
  totp_step bigint not null default 0,
  subject_index bytea,
  created_at timestamp with time zone not null default now(),
  signed_in_at timestamp with time zone,
  disabled_at timestamp with time zone,
  constraint account_pkey PRIMARY KEY (id),
  constraint account_check CHECK (((password_digest IS NULL) = (password_salt IS NULL))),
  constraint account_check1 CHECK (((password_digest IS NULL) <> (subject_index IS NULL))),
  constraint account_name_index_key UNIQUE (name_index),
  constraint account_roles_check CHECK ((cardinality(roles) > 0)),
  constraint account_subject_index_key UNIQUE (subject_index)
);
grant delete, insert, select, update on account to titian;

create table account_recovery (
  account text not null,
  digest bytea not null,
  constraint account_recovery_pkey PRIMARY KEY (account, digest),
  constraint account_recovery_account_fkey FOREIGN KEY (account) REFERENCES account(id) ON DELETE CASCADE
);
grant delete, insert, select, update on account_recovery to titian;

create table account_session (
  index bytea not null,
  account text not null,
  is_first boolean not null,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  constraint account_session_pkey PRIMARY KEY (index),
  constraint account_session_account_fkey FOREIGN KEY (account) REFERENCES account(id) ON DELETE CASCADE
);
CREATE INDEX account_session_by_account ON public.account_session USING btree (account);
CREATE INDEX account_session_by_age ON public.account_session USING btree (seen_at);
grant delete, insert, select, update on account_session to titian;

create table alert (
  name text not null,
  subject text not null,
  value double precision not null,
  since timestamp with time zone not null default now(),
  ended_at timestamp with time zone,
  told_at timestamp with time zone,
  told_end boolean not null default false,
  telling_until timestamp with time zone,
  constraint alert_pkey PRIMARY KEY (name, subject)
);
grant delete, insert, select, update on alert to titian;

create table alert_message (
  sent_at timestamp with time zone not null default clock_timestamp()
);
CREATE INDEX alert_message_by_time ON public.alert_message USING btree (sent_at);
grant delete, insert, select, update on alert_message to titian;

create table alert_silence (
  name text not null,
  subject text not null,
  until timestamp with time zone not null,
  silenced_by text not null,
  reason text not null,
  constraint alert_silence_pkey PRIMARY KEY (name, subject),
  constraint alert_silence_reason_check CHECK ((reason <> ''::text))
);
grant delete, insert, select, update on alert_silence to titian;

create table audit (
  sequence bigint not null,
  at timestamp with time zone not null,
  actor text not null,
  action text not null,
  kind text not null,
  object text not null,
  details bytea not null,
  previous bytea not null,
  hash bytea not null,
  shown jsonb,
  constraint audit_pkey PRIMARY KEY (sequence),
  constraint audit_details_check CHECK ((length(details) = 32)),
  constraint audit_hash_check CHECK ((length(hash) = 32)),
  constraint audit_hash_key UNIQUE (hash),
  constraint audit_previous_check CHECK ((length(previous) = 32)),
  constraint audit_previous_key UNIQUE (previous),
  constraint audit_sequence_check CHECK ((sequence > 0)),
  constraint audit_shown_check CHECK ((jsonb_typeof(shown) = 'object'::text))
);
CREATE INDEX audit_by_object ON public.audit USING btree (kind, object);
CREATE TRIGGER audit_stays BEFORE DELETE OR UPDATE ON public.audit FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_stays_whole BEFORE TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
grant select on audit to titian;

create table audit_block (
  block bigint not null,
  root bytea not null,
  constraint audit_block_pkey PRIMARY KEY (block),
  constraint audit_block_block_check CHECK ((block >= 0)),
  constraint audit_block_root_check CHECK ((length(root) = 32))
);
grant insert, select on audit_block to titian;
grant select on audit_block to titian_platform;

create table audit_checkpoint (
  size bigint not null,
  root bytea not null,
  note text not null,
  leaves bytea not null,
  signed_at timestamp with time zone not null default now(),
  constraint audit_checkpoint_pkey PRIMARY KEY (size),
  constraint audit_checkpoint_leaves_check CHECK ((((length(leaves) % 32) = 0) AND (length(leaves) > 0))),
  constraint audit_checkpoint_root_check CHECK ((length(root) = 32)),
  constraint audit_checkpoint_size_check CHECK ((size > 0))
);
CREATE TRIGGER audit_checkpoint_stays BEFORE DELETE OR UPDATE ON public.audit_checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_checkpoint_stays_whole BEFORE TRUNCATE ON public.audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
grant insert, select on audit_checkpoint to titian;
grant select on audit_checkpoint to titian_platform;

create table audit_cosignature (
  size bigint not null,
  witness text not null,
  line text not null,
  at timestamp with time zone not null default now(),
  constraint audit_cosignature_pkey PRIMARY KEY (size, witness),
  constraint audit_cosignature_size_fkey FOREIGN KEY (size) REFERENCES audit_checkpoint(size)
);
grant insert, select on audit_cosignature to titian;
grant insert, select on audit_cosignature to titian_platform;

create table audit_tree (
  one boolean not null default true,
  confirmed_at timestamp with time zone not null default now(),
  constraint audit_tree_pkey PRIMARY KEY (one),
  constraint audit_tree_one_check CHECK (one)
);
grant select, update on audit_tree to titian;
grant select on audit_tree to titian_platform;

create table batch (
  id text not null,
  platform text not null,
  dataset text not null,
  dataset_version text not null,
  agreement text not null,
  idempotency_key text not null,
  state text not null default 'receiving'::text,
  receipt_order bigint,
  payload_sha256 bytea,
  payload_bytes bigint not null default 0,
  received integer not null default 0,
  created_at timestamp with time zone not null default now(),
  touched_at timestamp with time zone not null default now(),
  received_at timestamp with time zone,
  settled_at timestamp with time zone,
  kind text not null default 'push'::text,
  receipted_at timestamp with time zone,
  as_of bigint,
  aborted_at timestamp with time zone,
  snapshot text,
  absent integer,
  standing integer,
  snapshot_by text,
  snapshot_reason text,
  form jsonb,
  mode text not null default 'partial'::text,
  refused_at timestamp with time zone,
  submission text,
  file text,
  writer text,
  part_lines integer not null default 0,
  replaces text[],
  trace text,
  constraint batch_pkey PRIMARY KEY (id),
  constraint batch_check CHECK (((state = 'receiving'::text) OR ((receipt_order IS NOT NULL) AND (payload_sha256 IS NOT NULL)))),
  constraint batch_kind_check CHECK ((kind = ANY (ARRAY['push'::text, 'decision'::text, 'relink'::text, 'results'::text, 'withdrawal'::text, 'restriction'::text]))),
  constraint batch_mode_check CHECK ((mode = ANY (ARRAY['partial'::text, 'strict'::text]))),
  constraint batch_platform_idempotency_key_key UNIQUE (platform, idempotency_key),
  constraint batch_receipt_order_key UNIQUE (receipt_order),
  constraint batch_snapshot_check CHECK ((snapshot = ANY (ARRAY['open'::text, 'held'::text, 'withdrawn'::text, 'kept'::text]))),
  constraint batch_state_check CHECK ((state = ANY (ARRAY['receiving'::text, 'received'::text, 'settled'::text]))),
  constraint batch_submission_fkey FOREIGN KEY (submission) REFERENCES submission(id),
  constraint batch_trace_check CHECK ((trace ~ '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'::text))
);
CREATE UNIQUE INDEX batch_by_file ON public.batch USING btree (submission, file) WHERE (submission IS NOT NULL);
CREATE INDEX batch_by_platform ON public.batch USING btree (platform, created_at DESC);
CREATE INDEX batch_by_settling ON public.batch USING btree (settled_at DESC) WHERE (settled_at IS NOT NULL);
CREATE INDEX batch_open ON public.batch USING btree (state) WHERE (state <> 'settled'::text);
CREATE INDEX batch_snapshots ON public.batch USING btree (platform, dataset, receipt_order) WHERE (snapshot IS NOT NULL);
CREATE INDEX batch_withdrawals ON public.batch USING btree (platform, dataset, as_of) WHERE (kind = 'withdrawal'::text);
CREATE INDEX batch_without_receipt ON public.batch USING btree (settled_at) WHERE ((state = 'settled'::text) AND (kind = 'push'::text) AND (receipted_at IS DISTINCT FROM settled_at));
CREATE TRIGGER event_of_batch AFTER UPDATE OF state ON public.batch FOR EACH ROW WHEN (((new.state = 'settled'::text) AND (old.state <> 'settled'::text) AND (new.kind <> ALL (ARRAY['decision'::text, 'relink'::text, 'restriction'::text])))) EXECUTE FUNCTION note_settled_batch();
alter table batch enable row level security;
create policy own_rows on batch to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on batch to titian;
grant delete, insert, select, update on batch to titian_platform;

create table batch_part (
  batch text not null,
  key text not null,
  number integer not null,
  sha256 bytea not null,
  bytes bigint not null,
  first_line integer not null,
  entries integer not null,
  received_at timestamp with time zone not null default now(),
  constraint batch_part_pkey PRIMARY KEY (batch, key),
  constraint batch_part_batch_fkey FOREIGN KEY (batch) REFERENCES batch(id) ON DELETE CASCADE,
  constraint batch_part_batch_number_key UNIQUE (batch, number)
);
alter table batch_part enable row level security;
create policy own_rows on batch_part to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = batch_part.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = batch_part.batch)));
grant delete, insert, select, update on batch_part to titian;
grant delete, insert, select, update on batch_part to titian_platform;

create table blocking (
  key bigint not null,
  record bytea not null,
  moved_to smallint,
  number bytea
);
CREATE INDEX blocking_by_key ON public.blocking USING btree (key);
grant delete, insert, select, update on blocking to titian;
grant select on blocking to titian_platform;

create table breach (
  id text not null,
  state text not null default 'open'::text,
  known_at timestamp with time zone not null,
  said bytea not null,
  client text,
  from_at timestamp with time zone,
  to_at timestamp with time zone,
  batches text[] not null default '{}'::text[],
  platforms text[] not null default '{}'::text[],
  subjects integer not null default 0,
  opened_by text not null,
  opened_at timestamp with time zone not null default now(),
  told_by text,
  told_at timestamp with time zone,
  closed_by text,
  closed_at timestamp with time zone,
  constraint breach_pkey PRIMARY KEY (id),
  constraint breach_check CHECK ((known_at <= opened_at)),
  constraint breach_check1 CHECK (((state = 'open'::text) = (told_at IS NULL))),
  constraint breach_check2 CHECK (((state = 'closed'::text) = (closed_at IS NOT NULL))),
  constraint breach_check3 CHECK (((client IS NOT NULL) OR (cardinality(batches) > 0))),
  constraint breach_state_check CHECK ((state = ANY (ARRAY['open'::text, 'told'::text, 'closed'::text])))
);
CREATE INDEX breach_untold ON public.breach USING btree (known_at) WHERE (state = 'open'::text);
grant delete, insert, select, update on breach to titian;
grant select on breach to titian_platform;

create table breach_subject (
  breach text not null,
  subject text not null,
  constraint breach_subject_pkey PRIMARY KEY (breach, subject),
  constraint breach_subject_breach_fkey FOREIGN KEY (breach) REFERENCES breach(id)
);
grant delete, insert, select, update on breach_subject to titian;
grant select on breach_subject to titian_platform;

create table canary (
  stage text not null,
  lane text not null,
  round integer not null default 0,
  sent_at timestamp with time zone,
  passed_at timestamp with time zone not null default now(),
  constraint canary_pkey PRIMARY KEY (stage, lane)
);
grant delete, insert, select, update on canary to titian;

create table chunk (
  id text not null,
  batch text not null,
  platform text not null,
  first_line integer not null,
  entries integer not null,
  state text not null default 'receiving'::text,
  epoch integer not null default 0,
  lease_until timestamp with time zone,
  dispatched_at timestamp with time zone,
  due_at timestamp with time zone not null default now(),
  attempts integer not null default 0,
  raw bytea,
  cleaned bytea,
  new integer not null default 0,
  updated integer not null default 0,
  unchanged integer not null default 0,
  rejected integer not null default 0,
  held integer not null default 0,
  settled_at timestamp with time zone,
  dataset_version text,
  released boolean not null default false,
  constraint chunk_pkey PRIMARY KEY (id),
  constraint chunk_batch_first_line_key UNIQUE (batch, first_line),
  constraint chunk_batch_fkey FOREIGN KEY (batch) REFERENCES batch(id) ON DELETE CASCADE,
  constraint chunk_check CHECK (((state = ANY (ARRAY['receiving'::text, 'received'::text, 'clean'::text, 'posted'::text])) OR (((((new + updated) + unchanged) + rejected) + held) = entries))),
  constraint chunk_entries_check CHECK ((entries > 0)),
  constraint chunk_state_check CHECK ((state = ANY (ARRAY['receiving'::text, 'received'::text, 'clean'::text, 'linked'::text, 'posted'::text, 'settled'::text])))
);
CREATE INDEX chunk_due ON public.chunk USING btree (platform, due_at) WHERE (state = ANY (ARRAY['received'::text, 'clean'::text, 'linked'::text, 'posted'::text]));
CREATE INDEX chunk_to_forget ON public.chunk USING btree (settled_at) WHERE ((state = 'settled'::text) AND ((raw IS NOT NULL) OR (cleaned IS NOT NULL)));
alter table chunk enable row level security;
create policy own_rows on chunk to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on chunk to titian;
grant delete, insert, select, update on chunk to titian_platform;

create table client (
  id text not null,
  platform text,
  scopes text[] not null,
  secret_hash text,
  created_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  jwks jsonb,
  certificates text[] not null default '{}'::text[],
  profile text not null default 'usual'::text,
  person text,
  constraint client_pkey PRIMARY KEY (id),
  constraint client_person_fkey FOREIGN KEY (person) REFERENCES account(id),
  constraint client_profile_check CHECK ((profile = ANY (ARRAY['usual'::text, 'fapi'::text])))
);
CREATE INDEX client_of_person ON public.client USING btree (person) WHERE (person IS NOT NULL);
alter table client enable row level security;
create policy own_rows on client to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on client to titian;
grant select on client to titian_platform;

create table correction_task (
  id text not null,
  request text not null,
  platform text not null,
  dataset text not null,
  record_index bytea not null,
  content bytea not null,
  state text not null default 'open'::text,
  due_at timestamp with time zone not null,
  said bytea,
  opened_at timestamp with time zone not null default now(),
  closed_at timestamp with time zone,
  kept_reason text,
  closed_by text,
  moved_to smallint,
  constraint correction_task_pkey PRIMARY KEY (id),
  constraint correction_task_check CHECK (((state = 'open'::text) = (closed_at IS NULL))),
  constraint correction_task_check1 CHECK (((state = 'open'::text) = (said IS NOT NULL))),
  constraint correction_task_check2 CHECK (((state = 'kept'::text) = (kept_reason IS NOT NULL))),
  constraint correction_task_record_index_check CHECK ((length(record_index) = 16)),
  constraint correction_task_request_fkey FOREIGN KEY (request) REFERENCES person_request(id),
  constraint correction_task_state_check CHECK ((state = ANY (ARRAY['open'::text, 'corrected'::text, 'withdrawn'::text, 'kept'::text])))
);
CREATE INDEX correction_task_by_request ON public.correction_task USING btree (request);
CREATE INDEX correction_task_open ON public.correction_task USING btree (platform, id) WHERE (state = 'open'::text);
CREATE TRIGGER event_of_correction AFTER INSERT ON public.correction_task FOR EACH ROW EXECUTE FUNCTION note_correction();
alter table correction_task enable row level security;
create policy own_rows on correction_task to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on correction_task to titian;
grant select, update on correction_task to titian_platform;

create table delivery (
  id text not null,
  chunk text not null,
  batch text not null,
  platform text not null,
  "position" bigint,
  state text not null default 'composed'::text,
  records integer not null,
  entries integer not null,
  bytes integer not null,
  digest bytea not null,
  manifest jsonb not null,
  payload bytea,
  attempts integer not null default 0,
  composed_at timestamp with time zone not null default now(),
  acknowledged_at timestamp with time zone,
  acknowledged_by text,
  receipt jsonb,
  last_answer text,
  tried_at timestamp with time zone,
  changes bytea,
  composed_order bigint default nextval('delivery_composed'::regclass),
  chain bytea,
  regions text[],
  subjects bytea,
  lease text,
  leased_by text,
  lease_until timestamp with time zone,
  sent_at timestamp with time zone,
  resends integer not null default 0,
  resent_at timestamp with time zone,
  resent_by text,
  resent_reason text,
  status text not null generated always as (
CASE
    WHEN (state = 'acknowledged'::text) THEN 'acknowledged'::text
    WHEN starts_with(last_answer, 'refused'::text) THEN 'refused'::text
    WHEN (sent_at IS NOT NULL) THEN 'sent'::text
    ELSE 'composed'::text
END) stored,
  receipt_keyid text,
  constraint delivery_pkey PRIMARY KEY (id),
  constraint delivery_chunk_key UNIQUE (chunk),
  constraint delivery_position_key UNIQUE ("position"),
  constraint delivery_state_check CHECK ((state = ANY (ARRAY['composed'::text, 'acknowledged'::text])))
);
CREATE INDEX delivery_by_batch ON public.delivery USING btree (batch);
CREATE INDEX delivery_by_platform ON public.delivery USING btree (platform, "position");
CREATE INDEX delivery_by_region ON public.delivery USING gin (regions);
CREATE INDEX delivery_open ON public.delivery USING btree (state) WHERE (state = 'composed'::text);
CREATE INDEX delivery_to_forget ON public.delivery USING btree (acknowledged_at) WHERE (payload IS NOT NULL);
CREATE INDEX delivery_to_pull ON public.delivery USING btree ("position") WHERE (state = 'composed'::text);
CREATE INDEX delivery_unchained ON public.delivery USING btree ("position") WHERE (chain IS NULL);
CREATE INDEX delivery_unsequenced ON public.delivery USING btree (composed_at) WHERE ("position" IS NULL);
CREATE TRIGGER event_of_delivery AFTER UPDATE OF last_answer, receipt ON public.delivery FOR EACH ROW WHEN (((new.last_answer ~~ 'refused: %'::text) OR (jsonb_typeof((new.receipt -> 'refused'::text)) = 'array'::text))) EXECUTE FUNCTION note_refused_delivery();
alter table delivery enable row level security;
create policy own_rows on delivery to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on delivery to titian;
grant select on delivery to titian_platform;

create table destination (
  name text not null,
  failures integer not null default 0,
  open_until timestamp with time zone,
  constraint destination_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on destination to titian;
grant select on destination to titian_platform;

create table entry (
  batch text not null,
  line integer not null,
  chunk text not null,
  key_index bytea,
  outcome text not null,
  corrected_by text,
  moved_to smallint,
  constraint entry_pkey PRIMARY KEY (batch, line),
  constraint entry_batch_fkey FOREIGN KEY (batch) REFERENCES batch(id) ON DELETE CASCADE,
  constraint entry_outcome_check CHECK ((outcome = ANY (ARRAY['new'::text, 'updated'::text, 'unchanged'::text, 'rejected'::text, 'held'::text])))
);
CREATE INDEX entry_by_chunk ON public.entry USING btree (chunk);
CREATE INDEX entry_by_key ON public.entry USING btree (key_index) WHERE (key_index IS NOT NULL);
CREATE INDEX entry_corrected ON public.entry USING btree (batch) WHERE (corrected_by IS NOT NULL);
CREATE INDEX entry_held ON public.entry USING btree (batch) WHERE ((outcome = 'held'::text) AND (corrected_by IS NULL));
CREATE INDEX entry_open ON public.entry USING btree (key_index) WHERE ((outcome = ANY (ARRAY['rejected'::text, 'held'::text])) AND (corrected_by IS NULL) AND (key_index IS NOT NULL));
alter table entry enable row level security;
create policy own_rows on entry to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = entry.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = entry.batch)));
grant delete, insert, select, update on entry to titian;
grant delete, insert, select, update on entry to titian_platform;

create table erased (
  index bytea not null,
  erasure text not null,
  numbered boolean not null,
  moved_to smallint,
  constraint erased_pkey PRIMARY KEY (index),
  constraint erased_index_check CHECK ((length(index) = 16))
);
grant delete, insert, select, update on erased to titian;
grant delete, insert, select, update on erased to titian_platform;

create table erased_again (
  batch text not null,
  line integer not null,
  chunk text not null,
  constraint erased_again_pkey PRIMARY KEY (batch, line),
  constraint erased_again_chunk_fkey FOREIGN KEY (chunk) REFERENCES chunk(id) ON DELETE CASCADE
);
CREATE INDEX erased_again_by_chunk ON public.erased_again USING btree (chunk);
alter table erased_again enable row level security;
create policy own_rows on erased_again to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = erased_again.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = erased_again.batch)));
grant delete, insert, select, update on erased_again to titian;
grant delete, insert, select, update on erased_again to titian_platform;

create table erasure (
  id text not null,
  subject text not null,
  state text not null default 'asked'::text,
  reason text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null default now(),
  confirmed_by text,
  confirmed_at timestamp with time zone,
  as_of bigint,
  batches text[] not null default '{}'::text[],
  sought bytea,
  cursor text not null default ''::text,
  waiting integer not null default 0,
  due_at timestamp with time zone not null default now(),
  records integer not null default 0,
  entries integer not null default 0,
  deliveries integer not null default 0,
  results integer not null default 0,
  done_at timestamp with time zone,
  certificate text,
  constraint erasure_pkey PRIMARY KEY (id),
  constraint erasure_check CHECK (((state = ANY (ARRAY['asked'::text, 'declined'::text])) = (confirmed_at IS NULL))),
  constraint erasure_check1 CHECK (((confirmed_by IS NULL) OR (confirmed_by <> asked_by))),
  constraint erasure_check2 CHECK (((state = ANY (ARRAY['taking'::text, 'destroying'::text])) = (sought IS NOT NULL))),
  constraint erasure_check3 CHECK (((state = 'done'::text) = (certificate IS NOT NULL))),
  constraint erasure_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'taking'::text, 'destroying'::text, 'done'::text, 'declined'::text])))
);
CREATE UNIQUE INDEX erasure_open ON public.erasure USING btree (subject) WHERE (state = ANY (ARRAY['asked'::text, 'taking'::text, 'destroying'::text]));
CREATE INDEX erasure_running ON public.erasure USING btree (confirmed_at) WHERE (state = ANY (ARRAY['taking'::text, 'destroying'::text]));
grant delete, insert, select, update on erasure to titian;

create table event (
  id text not null default ('evt_'::text || replace((gen_random_uuid())::text, '-'::text, ''::text)),
  platform text not null,
  type text not null,
  name text,
  data jsonb not null,
  occurred_at timestamp with time zone not null default clock_timestamp(),
  planned_at timestamp with time zone,
  constraint event_pkey PRIMARY KEY (id),
  constraint event_data_check CHECK ((jsonb_typeof(data) = 'object'::text)),
  constraint event_name_key UNIQUE (name),
  constraint event_type_check CHECK ((type = ANY (ARRAY['batch.settled'::text, 'results.available'::text, 'delivery.refused'::text, 'agreement.ending'::text, 'agreement.overdue'::text, 'gateway.restored'::text, 'correction.asked'::text, 'webhook.test'::text])))
);
CREATE INDEX event_by_platform ON public.event USING btree (platform, occurred_at);
CREATE INDEX event_by_time ON public.event USING btree (occurred_at);
CREATE INDEX event_to_plan ON public.event USING btree (occurred_at) WHERE (planned_at IS NULL);
alter table event enable row level security;
create policy own_rows on event to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on event to titian;
grant delete, insert, select, update on event to titian_platform;

create table feed (
  whole boolean not null default true,
  epoch text not null,
  renewed_at timestamp with time zone not null default now(),
  lost_since timestamp with time zone,
  lost_after text not null default ''::text,
  lost_withdrawn integer not null default 0,
  lost_older integer not null default 0,
  lost_offered boolean not null default true,
  restored boolean not null default false,
  constraint feed_pkey PRIMARY KEY (whole),
  constraint feed_epoch_check CHECK ((epoch ~ '^[0-9a-f]{12}$'::text)),
  constraint feed_whole_check CHECK (whole)
);
grant delete, insert, select, update on feed to titian;
grant select on feed to titian_platform;

create table figures (
  whole boolean not null default true,
  counted_at timestamp with time zone not null,
  figures jsonb not null,
  constraint figures_pkey PRIMARY KEY (whole),
  constraint figures_whole_check CHECK (whole)
);
grant delete, insert, select, update on figures to titian;

create table identifier (
  index bytea not null,
  subject text not null,
  kind text not null,
  moved_to smallint,
  constraint identifier_pkey PRIMARY KEY (index),
  constraint identifier_kind_check CHECK ((kind = ANY (ARRAY['nik'::text, 'kk'::text, 'household'::text, 'head'::text])))
);
CREATE INDEX identifier_by_subject ON public.identifier USING btree (subject);
grant delete, insert, select, update on identifier to titian;
grant select on identifier to titian_platform;

create table index_key (
  whole boolean not null default true,
  version smallint not null default 1,
  moving_to smallint,
  since timestamp with time zone not null default now(),
  constraint index_key_pkey PRIMARY KEY (whole),
  constraint index_key_check CHECK ((moving_to > version)),
  constraint index_key_whole_check CHECK (whole)
);
grant delete, insert, select, update on index_key to titian;
grant select on index_key to titian_platform;

create table index_move (
  name text not null,
  version smallint not null,
  page bigint not null default 0,
  met bigint not null default 0,
  moved bigint not null default 0,
  done_at timestamp with time zone,
  constraint index_move_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on index_move to titian;

create table key_conflict (
  key_index bytea not null,
  batch text not null,
  line integer not null,
  moved_to smallint,
  constraint twin_pkey PRIMARY KEY (key_index)
);
grant delete, insert, select, update on key_conflict to titian;
grant select on key_conflict to titian_platform;

create table label_pair (
  round text not null,
  place integer not null,
  a bytea not null,
  b bytea not null,
  stratum text not null,
  label text,
  labelled_by text,
  labelled_at timestamp with time zone,
  reason text,
  moved_to smallint,
  constraint label_pair_pkey PRIMARY KEY (round, place),
  constraint label_pair_check CHECK ((a < b)),
  constraint label_pair_check1 CHECK ((((label IS NULL) = (labelled_by IS NULL)) AND ((label IS NULL) = (labelled_at IS NULL)))),
  constraint label_pair_check2 CHECK (((reason IS NULL) OR (label IS NOT NULL))),
  constraint label_pair_label_check CHECK ((label = ANY (ARRAY['same'::text, 'different'::text, 'unsure'::text]))),
  constraint label_pair_place_check CHECK ((place > 0)),
  constraint label_pair_round_a_b_key UNIQUE (round, a, b),
  constraint label_pair_round_fkey FOREIGN KEY (round) REFERENCES label_round(id) ON DELETE CASCADE
);
CREATE INDEX label_pair_by_a ON public.label_pair USING btree (a);
CREATE INDEX label_pair_by_b ON public.label_pair USING btree (b);
grant delete, insert, select, update on label_pair to titian;

create table label_round (
  id text not null,
  model text not null,
  strata jsonb not null,
  records integer not null,
  drawn_by text not null,
  drawn_at timestamp with time zone not null default now(),
  constraint label_round_pkey PRIMARY KEY (id),
  constraint label_round_records_check CHECK ((records > 0))
);
grant delete, insert, select, update on label_round to titian;

create table link_claim (
  chunk text not null,
  epoch integer not null,
  place bigint not null,
  keys bytea not null,
  made_at timestamp with time zone not null default now(),
  constraint link_claim_pkey PRIMARY KEY (chunk)
);
grant delete, insert, select, update on link_claim to titian;
grant select on link_claim to titian_platform;

create table link_decision (
  a bytea not null,
  b bytea not null,
  decision text not null,
  decided_by text not null,
  reason text not null,
  decided_at timestamp with time zone not null default now(),
  batch text not null,
  leaver bytea,
  moved_to smallint,
  constraint link_decision_pkey PRIMARY KEY (a, b),
  constraint link_decision_check CHECK ((a < b)),
  constraint link_decision_decision_check CHECK ((decision = ANY (ARRAY['same'::text, 'different'::text]))),
  constraint link_decision_leaver CHECK (((leaver = a) OR (leaver = b)))
);
CREATE INDEX link_decision_by_b ON public.link_decision USING btree (b);
CREATE INDEX link_decision_by_batch ON public.link_decision USING btree (batch);
grant delete, insert, select, update on link_decision to titian;
grant select on link_decision to titian_platform;

create table link_mark (
  change bigint not null,
  marks bytea,
  constraint link_mark_pkey PRIMARY KEY (change)
);
grant delete, insert, select, update on link_mark to titian;
grant select on link_mark to titian_platform;

create table lookup_chunk (
  submission text not null,
  reader text not null,
  chunk text not null,
  constraint lookup_chunk_pkey PRIMARY KEY (submission, reader, chunk),
  constraint lookup_chunk_chunk_fkey FOREIGN KEY (chunk) REFERENCES chunk(id) ON DELETE CASCADE,
  constraint lookup_chunk_submission_fkey FOREIGN KEY (submission) REFERENCES submission(id)
);
CREATE INDEX lookup_chunk_by_chunk ON public.lookup_chunk USING btree (chunk);
alter table lookup_chunk enable row level security;
create policy own_rows on lookup_chunk to titian_platform using (EXISTS ( SELECT
   FROM submission s
  WHERE (s.id = lookup_chunk.submission))) with check (EXISTS ( SELECT
   FROM submission s
  WHERE (s.id = lookup_chunk.submission)));
grant delete, insert, select, update on lookup_chunk to titian;
grant delete, insert, select, update on lookup_chunk to titian_platform;

create table lookup_row (
  submission text not null,
  key_index bytea not null,
  content_index bytea not null,
  sealed bytea,
  constraint lookup_row_pkey PRIMARY KEY (submission, key_index)
);
alter table lookup_row enable row level security;
create policy own_rows on lookup_row to titian_platform using (EXISTS ( SELECT
   FROM submission s
  WHERE (s.id = lookup_row.submission))) with check (EXISTS ( SELECT
   FROM submission s
  WHERE (s.id = lookup_row.submission)));
grant delete, insert, select, update on lookup_row to titian;
grant delete, insert, select, update on lookup_row to titian_platform;

create table lookup_use (
  source text not null,
  reader text not null,
  constraint lookup_use_pkey PRIMARY KEY (source, reader),
  constraint lookup_use_reader_fkey FOREIGN KEY (reader) REFERENCES batch(id) ON DELETE CASCADE,
  constraint lookup_use_source_fkey FOREIGN KEY (source) REFERENCES batch(id) ON DELETE CASCADE
);
CREATE INDEX lookup_use_by_reader ON public.lookup_use USING btree (reader);
grant delete, insert, select, update on lookup_use to titian;
grant delete, insert, select, update on lookup_use to titian_platform;

create table migration (
  id integer not null default nextval('migration_id_seq'::regclass),
  name character varying(255) not null,
  run_on timestamp without time zone not null,
  constraint migration_pkey PRIMARY KEY (id)
);
grant select on migration to titian;

create table person_request (
  id text not null,
  about text not null,
  subject text not null,
  state text not null default 'asked'::text,
  reason text not null,
  received_at timestamp with time zone not null default now(),
  asked_by text not null,
  asked_at timestamp with time zone not null default now(),
  confirmed_by text,
  confirmed_at timestamp with time zone,
  done_at timestamp with time zone,
  wish bytea,
  constraint person_request_pkey PRIMARY KEY (id),
  constraint person_request_about_check CHECK ((about = ANY (ARRAY['access'::text, 'correction'::text]))),
  constraint person_request_check CHECK ((received_at <= asked_at)),
  constraint person_request_check1 CHECK (((state = ANY (ARRAY['asked'::text, 'declined'::text])) = (confirmed_at IS NULL))),
  constraint person_request_check2 CHECK (((confirmed_by IS NULL) OR (confirmed_by <> asked_by))),
  constraint person_request_check3 CHECK (((state = 'done'::text) = (done_at IS NOT NULL))),
  constraint person_request_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'declined'::text, 'open'::text, 'done'::text])))
);
CREATE INDEX person_request_undone ON public.person_request USING btree (received_at) WHERE (state = ANY (ARRAY['asked'::text, 'open'::text]));
grant delete, insert, select, update on person_request to titian;
grant select, update on person_request to titian_platform;

create table process (
  id text not null,
  kind text not null,
  host text not null,
  version text not null,
  started_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  constraint process_pkey PRIMARY KEY (id),
  constraint process_kind_check CHECK ((kind = ANY (ARRAY['gateway'::text, 'worker'::text])))
);
grant delete, insert, select, update on process to titian;

create table programme_list (
  id text not null,
  platform text not null,
  programme text not null,
  version text not null,
  digest bytea not null,
  region text not null,
  day date not null,
  state text not null default 'making'::text,
  after text not null default ''::text,
  residents integer not null default 0,
  candidates integer not null default 0,
  undecided integer not null default 0,
  elsewhere integer not null default 0,
  added integer,
  gone integer,
  deciles jsonb not null default '[]'::jsonb,
  previous text,
  lease_until timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  ready_at timestamp with time zone,
  constraint programme_list_pkey PRIMARY KEY (id),
  constraint programme_list_check CHECK (((state = 'ready'::text) = (ready_at IS NOT NULL))),
  constraint programme_list_state_check CHECK ((state = ANY (ARRAY['making'::text, 'ready'::text])))
);
CREATE UNIQUE INDEX programme_list_making ON public.programme_list USING btree (platform, programme, region) WHERE (state = 'making'::text);
CREATE INDEX programme_list_ready ON public.programme_list USING btree (platform, programme, region, ready_at DESC) WHERE (state = 'ready'::text);
alter table programme_list enable row level security;
create policy own_rows on programme_list to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on programme_list to titian;
grant delete, insert, select, update on programme_list to titian_platform;

create table programme_list_village (
  list text not null,
  village text not null,
  residents integer not null,
  candidates integer not null,
  undecided integer not null,
  constraint programme_list_village_pkey PRIMARY KEY (list, village),
  constraint programme_list_village_list_fkey FOREIGN KEY (list) REFERENCES programme_list(id) ON DELETE CASCADE
);
alter table programme_list_village enable row level security;
create policy own_rows on programme_list_village to titian_platform using (EXISTS ( SELECT
   FROM programme_list l
  WHERE (l.id = programme_list_village.list))) with check (EXISTS ( SELECT
   FROM programme_list l
  WHERE (l.id = programme_list_village.list)));
grant delete, insert, select, update on programme_list_village to titian;
grant delete, insert, select, update on programme_list_village to titian_platform;

create table programme_verdict (
  list text not null,
  subject text not null,
  verdict text not null,
  constraint programme_verdict_pkey PRIMARY KEY (list, subject),
  constraint programme_verdict_list_fkey FOREIGN KEY (list) REFERENCES programme_list(id) ON DELETE CASCADE,
  constraint programme_verdict_verdict_check CHECK ((verdict = ANY (ARRAY['candidate'::text, 'undecided'::text])))
);
alter table programme_verdict enable row level security;
create policy own_rows on programme_verdict to titian_platform using (EXISTS ( SELECT
   FROM programme_list l
  WHERE (l.id = programme_verdict.list))) with check (EXISTS ( SELECT
   FROM programme_list l
  WHERE (l.id = programme_verdict.list)));
grant delete, insert, select, update on programme_verdict to titian;
grant delete, insert, select, update on programme_verdict to titian_platform;

create table receipt (
  batch text not null,
  edition integer not null,
  settled_at timestamp with time zone not null,
  size integer not null,
  root bytea,
  checkpoint text,
  signed_at timestamp with time zone,
  constraint receipt_pkey PRIMARY KEY (batch, edition),
  constraint receipt_batch_fkey FOREIGN KEY (batch) REFERENCES batch(id) ON DELETE CASCADE,
  constraint receipt_check CHECK ((((root IS NULL) = (checkpoint IS NULL)) AND ((root IS NULL) = (signed_at IS NULL)))),
  constraint receipt_edition_check CHECK ((edition > 0)),
  constraint receipt_root_check CHECK ((length(root) = 32)),
  constraint receipt_size_check CHECK ((size > 0))
);
alter table receipt enable row level security;
create policy own_rows on receipt to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = receipt.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = receipt.batch)));
grant delete, insert, select, update on receipt to titian;
grant select on receipt to titian_platform;

create table receipt_block (
  batch text not null,
  edition integer not null,
  block integer not null,
  first_line integer not null,
  last_line integer not null,
  outcomes text not null,
  leaves bytea not null,
  root bytea not null,
  constraint receipt_block_pkey PRIMARY KEY (batch, edition, block),
  constraint receipt_block_batch_edition_fkey FOREIGN KEY (batch, edition) REFERENCES receipt(batch, edition) ON DELETE CASCADE,
  constraint receipt_block_block_check CHECK ((block >= 0)),
  constraint receipt_block_check CHECK ((length(leaves) = (32 * length(outcomes)))),
  constraint receipt_block_root_check CHECK ((length(root) = 32))
);
alter table receipt_block enable row level security;
create policy own_rows on receipt_block to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = receipt_block.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = receipt_block.batch)));
grant delete, insert, select, update on receipt_block to titian;
grant select on receipt_block to titian_platform;

create table release (
  batch text not null,
  at timestamp with time zone not null default clock_timestamp(),
  actor text not null,
  codes text[],
  reason text,
  released integer not null,
  constraint release_pkey PRIMARY KEY (batch, at),
  constraint release_batch_fkey FOREIGN KEY (batch) REFERENCES batch(id) ON DELETE CASCADE,
  constraint release_codes_check CHECK ((cardinality(codes) > 0)),
  constraint release_released_check CHECK ((released > 0))
);
alter table release enable row level security;
create policy own_rows on release to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = release.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = release.batch)));
grant delete, insert, select, update on release to titian;
grant select on release to titian_platform;

create table report (
  chunk text not null,
  stage text not null,
  findings bytea not null,
  counts jsonb not null,
  signs jsonb,
  constraint report_pkey PRIMARY KEY (chunk, stage),
  constraint report_chunk_fkey FOREIGN KEY (chunk) REFERENCES chunk(id) ON DELETE CASCADE,
  constraint report_stage_check CHECK ((stage = ANY (ARRAY['clean'::text, 'link'::text, 'forward'::text, 'results'::text])))
);
alter table report enable row level security;
create policy own_rows on report to titian_platform using (EXISTS ( SELECT
   FROM chunk c
  WHERE (c.id = report.chunk))) with check (EXISTS ( SELECT
   FROM chunk c
  WHERE (c.id = report.chunk)));
grant delete, insert, select, update on report to titian;
grant delete, insert, select, update on report to titian_platform;

create table reseal (
  name text not null,
  version integer not null,
  page bigint not null default 0,
  met bigint not null default 0,
  resealed bigint not null default 0,
  clean_at timestamp with time zone,
  constraint reseal_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on reseal to titian;

create table restricted (
  name text not null,
  restriction text not null,
  numbered boolean not null,
  constraint restricted_pkey PRIMARY KEY (name, restriction)
);
CREATE INDEX restricted_by_restriction ON public.restricted USING btree (restriction);
grant delete, insert, select, update on restricted to titian;
grant select on restricted to titian_platform;

create table restriction (
  id text not null,
  subject text not null,
  state text not null default 'asked'::text,
  reason text not null,
  received_at timestamp with time zone not null default now(),
  asked_by text not null,
  asked_at timestamp with time zone not null default now(),
  confirmed_by text,
  confirmed_at timestamp with time zone,
  known bytea,
  lift_reason text,
  lift_asked_by text,
  lift_asked_at timestamp with time zone,
  lifted_by text,
  lifted_at timestamp with time zone,
  batches text[] not null default '{}'::text[],
  constraint restriction_pkey PRIMARY KEY (id),
  constraint restriction_check CHECK ((received_at <= asked_at)),
  constraint restriction_check1 CHECK (((state = ANY (ARRAY['asked'::text, 'declined'::text])) = (confirmed_at IS NULL))),
  constraint restriction_check2 CHECK (((confirmed_by IS NULL) OR (confirmed_by <> asked_by))),
  constraint restriction_check3 CHECK (((state = ANY (ARRAY['held'::text, 'lifting'::text])) = (known IS NOT NULL))),
  constraint restriction_check4 CHECK (((state = ANY (ARRAY['lifting'::text, 'lifted'::text])) = (lift_asked_at IS NOT NULL))),
  constraint restriction_check5 CHECK (((state = 'lifted'::text) = (lifted_at IS NOT NULL))),
  constraint restriction_check6 CHECK (((lifted_by IS NULL) OR (lifted_by <> lift_asked_by))),
  constraint restriction_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'declined'::text, 'held'::text, 'lifting'::text, 'lifted'::text])))
);
CREATE UNIQUE INDEX restriction_open ON public.restriction USING btree (subject) WHERE (state = ANY (ARRAY['asked'::text, 'held'::text, 'lifting'::text]));
grant delete, insert, select, update on restriction to titian;

create table result_head (
  batch text not null,
  version text not null,
  as_of date not null,
  constraint result_head_pkey PRIMARY KEY (batch),
  constraint result_head_batch_fkey FOREIGN KEY (batch) REFERENCES batch(id) ON DELETE CASCADE
);
alter table result_head enable row level security;
create policy own_rows on result_head to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = result_head.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = result_head.batch)));
grant delete, insert, select, update on result_head to titian;
grant select on result_head to titian_platform;

create table result_notice (
  platform text not null,
  subject text not null,
  "position" bigint,
  noted_at timestamp with time zone not null default now(),
  constraint result_notice_pkey PRIMARY KEY (platform, subject),
  constraint result_notice_position_key UNIQUE ("position")
);
CREATE INDEX result_notice_feed ON public.result_notice USING btree (platform, "position") WHERE ("position" IS NOT NULL);
CREATE INDEX result_notice_unplaced ON public.result_notice USING btree (noted_at) WHERE ("position" IS NULL);
CREATE TRIGGER event_of_new_results AFTER INSERT ON public.result_notice REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION note_results();
CREATE TRIGGER event_of_results AFTER UPDATE ON public.result_notice REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION note_results();
alter table result_notice enable row level security;
create policy own_rows on result_notice to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on result_notice to titian;
grant delete, insert, select, update on result_notice to titian_platform;

create table result_stranger (
  batch text not null,
  line integer not null,
  level text not null,
  version text not null,
  as_of date not null,
  status text not null,
  reason text,
  region text,
  received_at timestamp with time zone not null default now(),
  constraint result_stranger_pkey PRIMARY KEY (batch, line),
  constraint result_stranger_level_check CHECK ((level = ANY (ARRAY['keluarga'::text, 'individu'::text])))
);
CREATE INDEX result_stranger_by_region ON public.result_stranger USING btree (region COLLATE "C", batch, line) WHERE (region IS NOT NULL);
grant delete, insert, select, update on result_stranger to titian;
grant select on result_stranger to titian_platform;

create table review (
  id text not null,
  a bytea not null,
  b bytea not null,
  weight real not null,
  model text not null,
  state text not null default 'open'::text,
  opened_at timestamp with time zone not null default now(),
  later_at timestamp with time zone,
  opinion text,
  opinion_by text,
  opinion_reason text,
  opinion_at timestamp with time zone,
  decision text,
  decided_by text,
  reason text,
  decided_at timestamp with time zone,
  moved_to smallint,
  constraint review_pkey PRIMARY KEY (id),
  constraint review_a_b_key UNIQUE (a, b),
  constraint review_check CHECK ((a < b)),
  constraint review_check1 CHECK (((state = 'decided'::text) = ((decision IS NOT NULL) AND (decided_by IS NOT NULL) AND (decided_at IS NOT NULL)))),
  constraint review_decision_check CHECK ((decision = ANY (ARRAY['same'::text, 'different'::text]))),
  constraint review_opinion_check CHECK ((opinion = ANY (ARRAY['same'::text, 'different'::text]))),
  constraint review_state_check CHECK ((state = ANY (ARRAY['open'::text, 'decided'::text])))
);
CREATE INDEX review_by_b ON public.review USING btree (b);
CREATE INDEX review_open ON public.review USING btree (later_at NULLS FIRST, id) WHERE (state = 'open'::text);
grant delete, insert, select, update on review to titian;
grant select on review to titian_platform;

create table running_code (
  id text not null,
  kind text not null,
  schema text not null,
  seen_at timestamp with time zone not null default now(),
  index_key smallint,
  constraint running_code_pkey PRIMARY KEY (id)
);
grant delete, insert, select, update on running_code to titian;

create table session (
  index bytea not null,
  client text not null,
  csrf text not null,
  created_at timestamp with time zone not null default now(),
  seen_at timestamp with time zone not null default now(),
  constraint session_pkey PRIMARY KEY (index),
  constraint session_client_fkey FOREIGN KEY (client) REFERENCES client(id)
);
CREATE INDEX session_by_age ON public.session USING btree (seen_at);
alter table session enable row level security;
create policy own_rows on session to titian_platform using (EXISTS ( SELECT
   FROM client c
  WHERE (c.id = session.client))) with check (EXISTS ( SELECT
   FROM client c
  WHERE (c.id = session.client)));
grant delete, insert, select, update on session to titian;
grant delete, insert, select, update on session to titian_platform;

create table snapshot_key (
  batch text not null,
  record_index bytea not null,
  moved_to smallint
);
CREATE INDEX snapshot_key_by_batch ON public.snapshot_key USING btree (batch, record_index);
alter table snapshot_key enable row level security;
create policy own_rows on snapshot_key to titian_platform using (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = snapshot_key.batch))) with check (EXISTS ( SELECT
   FROM batch b
  WHERE (b.id = snapshot_key.batch)));
grant delete, insert, select, update on snapshot_key to titian;
grant delete, insert, select, update on snapshot_key to titian_platform;

create table source_record (
  key_index bytea not null,
  subject text not null,
  platform text not null,
  dataset text not null,
  receipt_order bigint not null,
  batch text not null,
  line integer not null,
  content_hash bytea not null,
  sealed bytea not null,
  family text,
  former text,
  moved_to smallint,
  constraint source_record_pkey PRIMARY KEY (key_index)
);
CREATE INDEX source_record_by_entry ON public.source_record USING btree (batch, line);
CREATE INDEX source_record_by_family ON public.source_record USING btree (family) WHERE (family IS NOT NULL);
CREATE INDEX source_record_by_platform ON public.source_record USING btree (platform, subject);
CREATE INDEX source_record_by_subject ON public.source_record USING btree (subject);
alter table source_record enable row level security;
create policy own_rows on source_record to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on source_record to titian;
grant select on source_record to titian_platform;

create table stage_pause (
  platform text not null,
  stage text not null,
  wish text not null,
  ordered_by text not null,
  ordered_at timestamp with time zone not null default now(),
  constraint stage_pause_pkey PRIMARY KEY (platform, stage),
  constraint stage_pause_stage_check CHECK ((stage = ANY (ARRAY['clean'::text, 'link'::text, 'forward'::text, 'results'::text]))),
  constraint stage_pause_wish_check CHECK ((wish = ANY (ARRAY['pause'::text, 'drain'::text])))
);
alter table stage_pause enable row level security;
create policy own_rows on stage_pause to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on stage_pause to titian;
grant select on stage_pause to titian_platform;

create table subject (
  id text not null,
  level text not null,
  version integer not null,
  golden_hash bytea not null,
  family text,
  merged_into text,
  card_count integer not null default 0,
  region_hash bytea,
  withdrawn_at timestamp with time zone,
  moved_to smallint,
  constraint subject_pkey PRIMARY KEY (id),
  constraint subject_level_check CHECK ((level = ANY (ARRAY['keluarga'::text, 'individu'::text])))
);
CREATE INDEX subject_by_family ON public.subject USING btree (family) WHERE (family IS NOT NULL);
CREATE INDEX subject_merged ON public.subject USING btree (merged_into) WHERE (merged_into IS NOT NULL);
grant delete, insert, select, update on subject to titian;
grant select on subject to titian_platform;

create table subject_result (
  id bigint not null,
  subject text not null,
  level text not null,
  batch text not null,
  line integer not null,
  receipt_order bigint not null,
  version text not null,
  as_of date not null,
  status text not null,
  reason text,
  region text,
  content_hash bytea not null,
  sealed bytea,
  applied_at timestamp with time zone not null default now(),
  overtaken_at timestamp with time zone,
  moved_to smallint,
  constraint subject_result_pkey PRIMARY KEY (id),
  constraint subject_result_batch_line_key UNIQUE (batch, line),
  constraint subject_result_level_check CHECK ((level = ANY (ARRAY['keluarga'::text, 'individu'::text]))),
  constraint subject_result_status_check CHECK ((status = ANY (ARRAY['active'::text, 'dead'::text, 'moved'::text, 'not-found'::text, 'excluded'::text])))
);
CREATE INDEX subject_result_by_region ON public.subject_result USING btree (region COLLATE "C", id) WHERE (region IS NOT NULL);
CREATE INDEX subject_result_by_subject ON public.subject_result USING btree (subject, as_of DESC, receipt_order DESC);
CREATE UNIQUE INDEX subject_result_latest ON public.subject_result USING btree (subject) WHERE (overtaken_at IS NULL);
CREATE INDEX subject_result_overtaken ON public.subject_result USING btree (overtaken_at) WHERE ((overtaken_at IS NOT NULL) AND (sealed IS NOT NULL));
grant delete, insert, select, update on subject_result to titian;
grant select on subject_result to titian_platform;

create table subjects_state (
  id integer not null default 1,
  changes bigint not null default 0,
  records bigint not null default 0,
  constraint registry_state_pkey PRIMARY KEY (id),
  constraint registry_state_id_check CHECK ((id = 1))
);
grant delete, insert, select, update on subjects_state to titian;
grant select on subjects_state to titian_platform;

create table submission (
  id text not null,
  platform text not null,
  idempotency_key text not null,
  state text not null default 'open'::text,
  replaces text,
  created_at timestamp with time zone not null default now(),
  touched_at timestamp with time zone not null default now(),
  committed_at timestamp with time zone,
  constraint submission_pkey PRIMARY KEY (id),
  constraint submission_platform_idempotency_key_key UNIQUE (platform, idempotency_key),
  constraint submission_replaces_fkey FOREIGN KEY (replaces) REFERENCES submission(id),
  constraint submission_state_check CHECK ((state = ANY (ARRAY['open'::text, 'committed'::text, 'aborted'::text, 'expired'::text])))
);
CREATE INDEX submission_by_platform ON public.submission USING btree (platform, id DESC);
CREATE INDEX submission_open ON public.submission USING btree (touched_at) WHERE (state = 'open'::text);
alter table submission enable row level security;
create policy own_rows on submission to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on submission to titian;
grant delete, insert, select, update on submission to titian_platform;

create table unmerge_opinion (
  person text not null,
  leaving bytea[] not null,
  opinion_by text not null,
  reason text not null,
  at timestamp with time zone not null default now(),
  constraint unmerge_opinion_pkey PRIMARY KEY (person)
);
grant delete, insert, select, update on unmerge_opinion to titian;

create table upload (
  id text not null,
  platform text not null,
  actor text not null,
  state text not null default 'open'::text,
  length bigint not null,
  received bigint not null default 0,
  dataset text not null,
  media_type text not null,
  encoding text,
  mode text,
  key text not null,
  sha256 bytea,
  submission text,
  file text,
  created_at timestamp with time zone not null default now(),
  touched_at timestamp with time zone not null default now(),
  due_at timestamp with time zone not null default now(),
  taken_until timestamp with time zone,
  takes integer not null default 0,
  losses integer not null default 0,
  batch text,
  problem jsonb,
  constraint upload_pkey PRIMARY KEY (id),
  constraint upload_check CHECK (((received >= 0) AND (received <= length))),
  constraint upload_check1 CHECK (((state = 'taken'::text) = (batch IS NOT NULL))),
  constraint upload_check2 CHECK (((state = 'refused'::text) = (problem IS NOT NULL))),
  constraint upload_check3 CHECK (((state = 'open'::text) OR (received = length))),
  constraint upload_length_check CHECK ((length > 0)),
  constraint upload_mode_check CHECK ((mode = 'snapshot'::text)),
  constraint upload_state_check CHECK ((state = ANY (ARRAY['open'::text, 'whole'::text, 'taken'::text, 'refused'::text])))
);
CREATE INDEX upload_by_platform ON public.upload USING btree (platform, created_at DESC);
CREATE INDEX upload_resumed ON public.upload USING btree (platform, sha256) WHERE ((state = 'open'::text) AND (sha256 IS NOT NULL));
CREATE INDEX upload_whole ON public.upload USING btree (touched_at) WHERE (state = 'whole'::text);
alter table upload enable row level security;
create policy own_rows on upload to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on upload to titian;
grant delete, insert, select, update on upload to titian_platform;

create table upload_part (
  upload text not null,
  at bigint not null,
  bytes integer not null,
  sealed bytea not null,
  constraint upload_part_pkey PRIMARY KEY (upload, at),
  constraint upload_part_bytes_check CHECK ((bytes > 0)),
  constraint upload_part_upload_fkey FOREIGN KEY (upload) REFERENCES upload(id) ON DELETE CASCADE
);
alter table upload_part enable row level security;
create policy own_rows on upload_part to titian_platform using (EXISTS ( SELECT
   FROM upload u
  WHERE (u.id = upload_part.upload))) with check (EXISTS ( SELECT
   FROM upload u
  WHERE (u.id = upload_part.upload)));
grant delete, insert, select, update on upload_part to titian;
grant delete, insert, select, update on upload_part to titian_platform;

create table used_proof (
  index bytea not null,
  until timestamp with time zone not null,
  constraint used_proof_pkey PRIMARY KEY (index)
);
CREATE INDEX used_proof_by_end ON public.used_proof USING btree (until);
grant delete, insert, select, update on used_proof to titian;

create table webhook (
  id text not null,
  platform text not null,
  name text not null,
  url text not null,
  events text[] not null,
  secret bytea not null,
  earlier_secret bytea,
  earlier_until timestamp with time zone,
  created_at timestamp with time zone not null default now(),
  updated_at timestamp with time zone not null default now(),
  disabled_at timestamp with time zone,
  disabled_reason text,
  failures integer not null default 0,
  rest_until timestamp with time zone,
  delivered_at timestamp with time zone,
  constraint webhook_pkey PRIMARY KEY (id),
  constraint webhook_check CHECK (((disabled_at IS NULL) = (disabled_reason IS NULL))),
  constraint webhook_check1 CHECK (((earlier_secret IS NULL) = (earlier_until IS NULL))),
  constraint webhook_disabled_reason_check CHECK ((disabled_reason = ANY (ARRAY['gone'::text, 'failing'::text]))),
  constraint webhook_events_check CHECK ((cardinality(events) > 0)),
  constraint webhook_failures_check CHECK ((failures >= 0)),
  constraint webhook_platform_name_key UNIQUE (platform, name)
);
alter table webhook enable row level security;
create policy own_rows on webhook to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on webhook to titian;
grant delete, insert, select, update on webhook to titian_platform;

create table webhook_attempt (
  webhook text not null,
  event text not null,
  number integer not null,
  started_at timestamp with time zone not null default clock_timestamp(),
  milliseconds integer,
  result text,
  status integer,
  constraint webhook_attempt_pkey PRIMARY KEY (webhook, event, number),
  constraint webhook_attempt_milliseconds_check CHECK ((milliseconds >= 0)),
  constraint webhook_attempt_number_check CHECK ((number > 0)),
  constraint webhook_attempt_webhook_event_fkey FOREIGN KEY (webhook, event) REFERENCES webhook_message(webhook, event) ON DELETE CASCADE
);
CREATE INDEX webhook_attempt_by_time ON public.webhook_attempt USING btree (webhook, started_at DESC, event DESC, number DESC);
alter table webhook_attempt enable row level security;
create policy own_rows on webhook_attempt to titian_platform using (EXISTS ( SELECT
   FROM webhook w
  WHERE (w.id = webhook_attempt.webhook))) with check (EXISTS ( SELECT
   FROM webhook w
  WHERE (w.id = webhook_attempt.webhook)));
grant delete, insert, select, update on webhook_attempt to titian;
grant delete, insert, select, update on webhook_attempt to titian_platform;

create table webhook_message (
  webhook text not null,
  event text not null,
  state text not null default 'due'::text,
  due_at timestamp with time zone not null default now(),
  failures integer not null default 0,
  failing_since timestamp with time zone,
  claims integer not null default 0,
  lease_until timestamp with time zone,
  constraint webhook_message_pkey PRIMARY KEY (webhook, event),
  constraint webhook_message_claims_check CHECK ((claims >= 0)),
  constraint webhook_message_event_fkey FOREIGN KEY (event) REFERENCES event(id) ON DELETE CASCADE,
  constraint webhook_message_failures_check CHECK ((failures >= 0)),
  constraint webhook_message_state_check CHECK ((state = ANY (ARRAY['due'::text, 'delivered'::text, 'failed'::text]))),
  constraint webhook_message_webhook_fkey FOREIGN KEY (webhook) REFERENCES webhook(id) ON DELETE CASCADE
);
CREATE INDEX webhook_message_by_event ON public.webhook_message USING btree (event);
CREATE INDEX webhook_message_due ON public.webhook_message USING btree (webhook, due_at, event) WHERE (state = 'due'::text);
CREATE INDEX webhook_message_leased ON public.webhook_message USING btree (webhook) WHERE (lease_until IS NOT NULL);
alter table webhook_message enable row level security;
create policy own_rows on webhook_message to titian_platform using (EXISTS ( SELECT
   FROM webhook w
  WHERE (w.id = webhook_message.webhook))) with check (EXISTS ( SELECT
   FROM webhook w
  WHERE (w.id = webhook_message.webhook)));
grant delete, insert, select, update on webhook_message to titian;
grant delete, insert, select, update on webhook_message to titian_platform;

create table withdrawal (
  batch text not null,
  platform text not null,
  dataset text not null,
  reason text not null,
  about text,
  named bytea,
  requested_by text not null,
  requested_at timestamp with time zone not null default now(),
  moved_to smallint,
  constraint withdrawal_pkey PRIMARY KEY (batch)
);
CREATE INDEX withdrawal_by_about ON public.withdrawal USING btree (about) WHERE (about IS NOT NULL);
CREATE INDEX withdrawal_by_named ON public.withdrawal USING btree (named) WHERE (named IS NOT NULL);
alter table withdrawal enable row level security;
create policy own_rows on withdrawal to titian_platform using (platform = wall_platform()) with check (platform = wall_platform());
grant delete, insert, select, update on withdrawal to titian;
grant delete, insert, select, update on withdrawal to titian_platform;

create table withdrawal_target (
  batch text not null,
  line integer not null,
  entry_index bytea,
  record_index bytea,
  whole boolean not null default false,
  as_of bigint not null,
  moved_to smallint,
  constraint withdrawal_target_batch_fkey FOREIGN KEY (batch) REFERENCES withdrawal(batch),
  constraint withdrawal_target_check CHECK (((entry_index IS NOT NULL) OR (record_index IS NOT NULL)))
);
CREATE INDEX withdrawal_target_by_batch ON public.withdrawal_target USING btree (batch, line);
CREATE INDEX withdrawal_target_by_entry ON public.withdrawal_target USING btree (entry_index) WHERE whole;
CREATE INDEX withdrawal_target_by_record ON public.withdrawal_target USING btree (record_index) WHERE (record_index IS NOT NULL);
grant delete, insert, select, update on withdrawal_target to titian;
grant delete, insert, select, update on withdrawal_target to titian_platform;

create sequence batch_order as bigint start 1 increment 1;
grant select, usage on batch_order to titian;
grant select, usage on batch_order to titian_platform;

create sequence delivery_composed as bigint start 1 increment 1;
grant select, usage on delivery_composed to titian;
grant select, usage on delivery_composed to titian_platform;

create sequence delivery_position as bigint start 1 increment 1;
grant select, usage on delivery_position to titian;
grant select, usage on delivery_position to titian_platform;

create sequence migration_id_seq as integer start 1 increment 1;
grant select, usage on migration_id_seq to titian;
grant select, usage on migration_id_seq to titian_platform;

create sequence result_position as bigint start 1 increment 1;
grant select, usage on result_position to titian;
grant select, usage on result_position to titian_platform;

create sequence subject_result_order as bigint start 1 increment 1;
grant select, usage on subject_result_order to titian;
grant select, usage on subject_result_order to titian_platform;

CREATE OR REPLACE FUNCTION public.append_audit(actor text, action text, kind text, object text, details bytea, shown jsonb)
 RETURNS bigint
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION public.note_correction()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into event (platform, type, name, data)
  values (new.platform, 'correction.asked', 'correction.asked ' || new.id, jsonb_build_object(
    'correction', new.id, 'dataset', new.dataset,
    'due_at', to_char(new.due_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.note_refused_delivery()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into event (platform, type, name, data)
  select new.platform, 'delivery.refused', 'delivery.refused ' || new.id || ' ' || part.of, jsonb_build_object(
    'delivery', new.id, 'batch', new.batch, 'of', part.of, 'records', new.records, 'refused', part.refused)
  from (values
    ('delivery', case when new.last_answer like 'refused: %' then new.records end),
    ('records', case when jsonb_typeof(new.receipt -> 'refused') = 'array' then nullif(jsonb_array_length(new.receipt -> 'refused'), 0) end)
  ) as part (of, refused)
  where part.refused is not null
  on conflict (name) do nothing;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.note_results()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into event (platform, type, name, data)
  select platform, 'results.available', 'results.available ' || platform, jsonb_build_object('results', count(*))
  from told where position is null group by platform order by platform
  on conflict (name) do update set data = jsonb_build_object('results',
    (event.data ->> 'results')::bigint + (excluded.data ->> 'results')::bigint);
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.note_settled_batch()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into event (platform, type, data)
  select new.platform, 'batch.settled', jsonb_build_object(
    'batch', new.id, 'dataset', new.dataset, 'received', new.received, 'new', coalesce(sum(c.new), 0),
    'updated', coalesce(sum(c.updated), 0), 'unchanged', coalesce(sum(c.unchanged), 0),
    'rejected', coalesce(sum(c.rejected), 0), 'held', coalesce(sum(c.held), 0))
  from chunk c where c.batch = new.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception 'the audit log is appended to only' using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.wall_platform()
 RETURNS text
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN NULLIF(current_setting('titian.platform'::text, true), ''::text);
