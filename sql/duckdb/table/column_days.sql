-- One row: how many cells of a column are days, read as they are, day first, month first, and with the two digits of the year
-- first. Reads one_column(value) and the format that the user gives by formatted_day(value).
with by_value as (
    select
        value,
        count(*) as cells_of_value
    from one_column
    where value is not null
    group by value
),

read_days as (
    select
        value,
        cells_of_value,
        coalesce(formatted_day(value), day_of(value)) as day,
        day_first_of(value) as day_first,
        month_first_of(value) as month_first,
        year_first_of(value) as year_first
    from by_value
),

column_days as (
    select
        coalesce(sum(cells_of_value) filter (day is not null), 0) as days,
        coalesce(sum(cells_of_value) filter (day_first is not null), 0) as days_day_first,
        coalesce(sum(cells_of_value) filter (month_first is not null), 0) as days_month_first,
        coalesce(sum(cells_of_value) filter (year_first is not null), 0) as days_year_first,
        min(value) filter (day is null and coalesce(day_first, year_first) is not null) as day_example
    from read_days
)

select * from column_days
