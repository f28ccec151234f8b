-- A client can act for a person: what it decides carries that account, and four eyes count it as that person.
alter table client add column person text references account (id);
create index client_of_person on client (person) where person is not null;
