-- One row per separator and order of day, month and year: how the dates with a two-digit year read in it. 70 to 99 are of the
-- last century. Reads written_texts(t). Value bound: today.
with written as (
    select regexp_extract(
        trim(t),
        '^(\d{1,2})([-/.])(\d{1,2})[-/.](\d{1,2})(?:\D|$)',
        ['one', 'separator', 'two', 'three']
    ) as part
    from written_texts
),

parts as (
    select
        part.separator as separator,
        cast(part.one as integer) as one,
        cast(part.two as integer) as two,
        cast(part.three as integer) as three
    from written
    where part.separator <> ''
),

readings as (
    select separator, 'dmy' as date_order, one as day, two as month, three as year
    from parts
    union all
    select separator, 'mdy', two, one, three
    from parts
    union all
    select separator, 'ymd', three, two, one
    from parts
),

dated as (
    select
        *,
        try_cast(
            format('{:04d}-{:02d}-{:02d}', year + case when year >= 70 then 1900 else 2000 end, month, day) as date
        ) as read_date
    from readings
),

short_year_readings as (
    select
        separator,
        date_order,
        count(*) as row_count,
        count(read_date) as days,
        count_if(read_date > cast(? as date) + 366) as later,
        count(distinct day) as distinct_days_of_month,
        count(distinct year) as distinct_years
    from dated
    group by separator, date_order
)

select * from short_year_readings
order by separator, date_order
