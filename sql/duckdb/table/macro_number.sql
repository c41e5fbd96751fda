-- A cell of a table of customers as a number whose decimals follow a point; NULL if it is none, or too large for a float32.
create temp macro number_of(t) as (
    select case when abs(parsed) < 3.4e38 then parsed end
    from (select coalesce(try_cast(t as double), try_cast(point_number(t) as double)) as parsed)
)
