-- At most one row: the first row of a table that is not used for a reason. Values bound: the table; the reason.
select
    cast(line as varchar) as line,
    cast(row as varchar) as row,
    content
from staging.reject_rows
where file_table = ? and reason = ?
order by file_number, line nulls last, row
limit 1
