-- One row: 1 where the snapshot holds a demo shop's truth, else 0.
select count(*) as truth_tables
from information_schema.tables
where table_schema = 'demo' and table_name = 'truth'
