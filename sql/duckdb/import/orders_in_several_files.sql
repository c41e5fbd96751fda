-- One row: orders that several files hold, how many of these have the same content in all of them, and one of these.
-- Reads rows_of_files.
with of_files as (
    select
        key,
        file_number,
        count(*) as row_count,
        sum(content) as content
    from rows_of_files
    where key <> ''
    group by key, file_number
),

in_several as (
    select
        key,
        min(row_count) = max(row_count) and min(content) = max(content) as is_same
    from of_files
    group by key
    having count(*) > 1
),

orders_in_several_files as (
    select
        count(*) as shared,
        count_if(is_same) as same,
        min(case when is_same then key end) as example
    from in_several
)

select * from orders_in_several_files
