-- A receiver may sign its receipts: the key under which the signature of a receipt held; null: it has none, or nobody looked at it.
alter table delivery add column receipt_keyid text;
