-- How many rows a table has: one row.
select cast(count(*) as varchar) as row_count from blank_table
