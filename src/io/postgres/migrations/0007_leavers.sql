-- Which of two records a steward took away from a person: the person's id stays with the other.
alter table link_decision add column leaver bytea;
alter table link_decision add constraint link_decision_leaver check (leaver in (a, b));
