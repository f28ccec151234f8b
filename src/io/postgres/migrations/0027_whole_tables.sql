-- Tables that grow with the nation are whole again: by another column than that of the partitions a look-up descended eight indexes.
do $$
declare
  name text;
  made record;
begin
  foreach name in array array['subject', 'identifier', 'source_record', 'blocking'] loop
    execute format('alter table %I rename to %I', name, name || '_parted');
    execute format('create table %I (like %I including defaults including constraints)', name, name || '_parted');
    execute format('insert into %I select * from %I', name, name || '_parted');
    -- The definitions of the parent's indexes, each under its own name on the new table, once the old ones are gone.
    create temp table remade on commit drop as
      select i.indexrelid::regclass::text as index, c.contype is not null as is_key,
        pg_get_constraintdef(c.oid) as key, pg_get_indexdef(i.indexrelid) as definition
      from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
      where i.indrelid = (name || '_parted')::regclass;
    execute format('drop table %I', name || '_parted');
    for made in select * from remade loop
      if made.is_key then
        execute format('alter table %I add constraint %I %s', name, made.index, made.key);
      else
        execute replace(made.definition, format(' ON ONLY public.%I', name || '_parted'), format(' on %I', name));
      end if;
    end loop;
    drop table remade;
  end loop;
end $$;
