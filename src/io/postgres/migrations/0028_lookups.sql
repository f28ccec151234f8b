-- Rows of the files of a submission that records of its other files look values up in. They stand there while one of these files is
-- worked, and are made anew from the chunks when an entry is released.
create table lookup_chunk (
  submission text not null references submission,
  -- The dataset version (`name@version`) that looks rows up.
  reader text not null,
  -- The chunk whose rows are there.
  chunk text not null references chunk on delete cascade,
  primary key (submission, reader, chunk)
);
create index lookup_chunk_by_chunk on lookup_chunk (chunk);

create table lookup_row (
  submission text not null,
  -- Blind index of reader, lookup and key.
  key_index bytea not null,
  -- Blind index of the whole row: rows of one key that do not say the same differ in it.
  content_index bytea not null,
  -- The columns that are read, sealed; null where rows of the key differ.
  sealed bytea,
  primary key (submission, key_index)
);

-- Which batches look values up in which: the chunks of a source keep their records while an entry of a reader may need them.
create table lookup_use (
  source text not null references batch on delete cascade,
  reader text not null references batch on delete cascade,
  primary key (source, reader)
);
create index lookup_use_by_reader on lookup_use (reader);
