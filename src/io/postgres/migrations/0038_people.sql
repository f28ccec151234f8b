-- Persons sign in at the console, not clients: what is decided there carries a person, and four eyes are those of two of them.
create table account (
  -- What logs and the audit log name: never the name.
  id text primary key,
  -- Sealed, and its blind index, by which the account is found.
  name bytea not null,
  name_index bytea not null unique,
  roles text[] not null check (cardinality(roles) > 0),
  -- Of an account of ours: a keyed digest of the scrypt of the password.
  password_salt bytea,
  password_digest bytea,
  -- Until when a first password counts that somebody else has seen; null: the person chose their own.
  first_until timestamptz,
  -- The sealed secret of the second factor, and the last step of time whose code was used.
  totp bytea,
  totp_step bigint not null default 0,
  -- Of an account of another provider: the blind index of issuer and subject.
  subject_index bytea unique,
  created_at timestamptz not null default now(),
  signed_in_at timestamptz,
  disabled_at timestamptz,
  check ((password_digest is null) = (password_salt is null)),
  check ((password_digest is null) <> (subject_index is null))
);

-- Codes in place of the second factor, each used once: keyed digests.
create table account_recovery (
  account text not null references account on delete cascade,
  digest bytea not null,
  primary key (account, digest)
);

-- A browser keeps the name of its session, of which this is the blind index.
create table account_session (
  index bytea primary key,
  account text not null references account on delete cascade,
  -- Signed in by a first password: may set up the account and nothing else.
  is_first boolean not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);
create index account_session_by_account on account_session (account);
create index account_session_by_age on account_session (seen_at);

-- Records that one steward wants taken out of a person, until a second one agrees: the reason is sealed.
create table unmerge_opinion (
  person text primary key,
  leaving bytea[] not null,
  opinion_by text not null,
  reason text not null,
  at timestamptz not null default now()
);
