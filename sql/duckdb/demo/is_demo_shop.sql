-- One row: 1 if the snapshot holds the true rates of a demo shop, else 0.
select count(*) as truth_tables
from information_schema.tables
where table_schema = 'demo' and table_name = 'truth'
