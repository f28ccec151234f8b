-- What a batch is about, said by a column of its own. So far, names of datasets of the platform `titian` meant it.
alter table batch add column kind text not null default 'push' check (kind in ('push', 'decision', 'relink'));
update batch set kind = case dataset when 'link-decision' then 'decision' else 'relink' end
where platform = 'titian' and dataset in ('link-decision', 'link-again');
