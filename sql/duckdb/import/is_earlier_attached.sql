-- One row: whether the previous snapshot is attached.
select count(*) > 0 as is_true
from duckdb_databases()
where database_name = 'earlier'
