-- One row: the digits of a column with sums. Values bound: its database, its table, its name.
select numeric_precision as width
from duckdb_columns()
where database_name = ? and schema_name = 'interactive' and table_name = ? and column_name = ?
