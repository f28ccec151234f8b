-- breaking
-- What a source record says is sealed as a shorter text from now on: what records repeat, the names of their fields above all, stands in
-- it as two characters. Records of before are read as ever; code of before cannot read the new ones.
comment on column source_record.sealed is 'form 2: what records repeat stands in the text by its place in a dictionary';
