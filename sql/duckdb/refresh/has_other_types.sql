-- One row: whether any id has another type in the small shop than in the previous snapshot.
select count(*) > 0 as is_true
from duckdb_columns() as now
inner join duckdb_columns() as before
    on before.database_name = 'earlier'
    and before.schema_name = now.schema_name
    and before.table_name = now.table_name
    and before.column_name = now.column_name
where now.database_name = 'next' and now.schema_name = 'raw' and now.data_type <> before.data_type
