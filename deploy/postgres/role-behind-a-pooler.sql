-- For PostgreSQL behind a pooler in transaction mode, once, as a superuser: what a gateway and its workers ask for at
-- every start of a session, which such a pooler does not pass on. A start compares, and is refused with one sentence.
alter role titian set DateStyle = 'ISO', 'MDY';
alter role titian set IntervalStyle = 'postgres';
alter role titian set TimeZone = 'UTC';
alter role titian set bytea_output = 'hex';
alter role titian set client_encoding = 'UTF8';
alter role titian set standard_conforming_strings = 'on';
alter role titian set extra_float_digits = '1';
alter role titian set search_path = 'public';
alter role titian set default_transaction_isolation = 'read committed';
alter role titian set default_transaction_deferrable = 'off';
alter role titian set statement_timeout = '0';
alter role titian set lock_timeout = '0';
alter role titian set idle_session_timeout = '0';
alter role titian set jit = 'off';
alter role titian set idle_in_transaction_session_timeout = '30s';
