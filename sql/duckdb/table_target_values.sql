-- The values of a target column, the commonest first: one row a value, at most ten. Reads staged_target(value).
with values_of_target as (
    select
        value,
        count(*) as cells
    from staged_target
    where value is not null
    group by value
)

select * from values_of_target
order by cells desc, value
limit 10
