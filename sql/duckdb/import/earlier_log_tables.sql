-- One row per table of the log that the previous snapshot holds.
select table_name
from duckdb_tables()
where database_name = 'earlier' and schema_name = 'ingest'
order by table_name
