-- One row per row of a file that is not used, as the rejects file shows it.
select
    file,
    line,
    row,
    reason,
    content
from staging.reject_rows
order by file_table, file_number, line nulls last, row nulls last, reason
