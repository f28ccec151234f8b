-- What retention looks for: sealed bytes that hold many people and have done their work.
create index chunk_to_forget on chunk (settled_at) where state = 'settled' and (raw is not null or cleaned is not null);
create index delivery_to_forget on delivery (acknowledged_at) where payload is not null;
