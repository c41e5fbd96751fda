-- One row per line that the reader of a file rejected.
-- Values bound: the file's table, and its number among the files of that table.
insert into staging.bad_lines
select
    cast(? as varchar) as file_table,
    cast(? as integer) as file_number,
    line,
    min(error_type) as error_type,
    min(left(csv_line, 2000)) as content
from reject_errors
group by line
