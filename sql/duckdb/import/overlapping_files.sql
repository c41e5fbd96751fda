-- One row: how many files begin at or before the last key of a file that begins before them. Reads rows_of_files.
with ranges as (
    select
        file_number,
        min(first_key) as first_key,
        max(first_key) as last_key
    from rows_of_files
    group by file_number
),

ordered as (
    select
        first_key,
        max(last_key) over (
            order by first_key, file_number
            rows between unbounded preceding and 1 preceding
        ) as last_key_before
    from ranges
),

overlapping_files as (
    select count(*) as files
    from ordered
    where first_key <= last_key_before
)

select * from overlapping_files
