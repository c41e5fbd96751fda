-- One row per table of the log that this snapshot holds.
select table_name
from duckdb_tables()
where database_name = current_database() and schema_name = 'ingest'
order by table_name
