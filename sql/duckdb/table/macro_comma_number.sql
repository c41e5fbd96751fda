-- A cell of a column with decimal commas as a number; NULL if it is none, or too large for a float32.
create temp macro comma_number_of(t) as (
    select case when abs(parsed) < 3.4e38 then parsed end
    from (select try_cast(comma_number(t) as double) as parsed)
)
