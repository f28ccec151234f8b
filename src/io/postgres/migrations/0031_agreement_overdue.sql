-- A platform whose agreement promises a batch every so many days is told when none came: one more type of event.
alter table event drop constraint event_type_check;
alter table event add constraint event_type_check check (type in (
  'batch.settled', 'results.available', 'delivery.refused', 'agreement.ending', 'agreement.overdue', 'webhook.test'));
