-- One row: how many lines of a file are no rows.
-- Values bound: the file's table, and its number among the files of that table.
select count(*) as bad_lines
from staging.bad_lines
where file_table = cast(? as varchar) and file_number = cast(? as integer)
