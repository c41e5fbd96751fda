-- One row per table with rows that are not used: the first and the last of them.
select
    file_table,
    cast(min(row_number) as varchar) as first,
    cast(max(row_number) as varchar) as last
from staging.rejects
group by file_table
order by file_table
