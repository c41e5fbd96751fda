-- One row per way a date is written in a column, digits shown as 9, with how many rows are written so.
-- Reads written_texts(t).
with dates as (
    select
        trim(t) as date_text,
        -- Most files write years with four digits first; such dates need no further check.
        date_text[5] in ('-', '/', '.')
        and date_text[2] not in ('-', '/', '.')
        and date_text[3] not in ('-', '/', '.') as has_year_first
    from written_texts
    where t is not null
),

shapes as (
    select
        -- The most frequent shape is recognised in a third of the time that it takes to write it.
        case
            when regexp_full_match(date_text, '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d') then '9999-99-99 99:99:99'
            else left(translate(date_text, '0123456789', '9999999999'), 64)
        end as shape,
        min(left(date_text, 64)) as example,
        count(*) as row_count,
        count_if(
            case
                when has_year_first then false
                else try_cast(regexp_extract(date_text, '^(\d{1,2})[-/.]', 1) as integer) > 12
            end
        ) as first_above_12,
        count_if(
            case
                when has_year_first then false
                else try_cast(regexp_extract(date_text, '^\d{1,2}[-/.](\d{1,2})[-/.]', 1) as integer) > 12
            end
        ) as second_above_12
    from dates
    where date_text <> ''
    group by shape
),

most_frequent_shapes as (
    select *
    from shapes
    order by row_count desc, shape
    limit 2000
)

select * from most_frequent_shapes
