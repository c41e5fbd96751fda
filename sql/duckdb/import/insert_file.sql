-- One row: a file that was staged. If the header, the rows and the bad lines make up all of its lines, each row is one line.
-- Values bound: its table, its number among the files of that table, its name, the rows of that table before it, its own
-- rows, and its lines, NULL if they were not counted.
insert into staging.files
with file as (
    select
        cast(? as varchar) as file_table,
        cast(? as integer) as file_number,
        cast(? as varchar) as file_name,
        cast(? as bigint) as rows_before,
        cast(? as bigint) as row_count,
        cast(? as bigint) as line_count
),

bad as (
    select count(*) as bad_line_count
    from staging.bad_lines
    inner join file on file.file_table = bad_lines.file_table and file.file_number = bad_lines.file_number
)

select
    file_table,
    file_number,
    file_name,
    rows_before,
    row_count,
    coalesce(line_count = 1 + row_count + bad_line_count, false) as has_one_line_rows
from file
cross join bad
