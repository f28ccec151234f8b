-- A client may prove itself by a key or a certificate of its own, and must where its profile says so.
alter table client
  alter column secret_hash drop not null,
  -- The public keys that it signs its assertions with.
  add column jwks jsonb,
  -- SHA-256 thumbprints of the certificates that it connects with, in base64url.
  add column certificates text[] not null default '{}',
  -- 'fapi': no secret, and tokens only for a key or certificate that the caller proves to hold.
  add column profile text not null default 'usual',
  add constraint client_profile_check check (profile in ('usual', 'fapi'));

-- Proofs that were used: each counts once, at whatever gateway. The index is a digest of whose it was and its name.
create table used_proof (
  index bytea primary key,
  until timestamptz not null
);
create index used_proof_by_end on used_proof (until);
