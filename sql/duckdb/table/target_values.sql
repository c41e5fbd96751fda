-- The values of a target column, the most frequent first: one row per value, whatever its case, at most a thousand.
-- Reads staged_target(value).
with values_of_target as (
    select
        min(value) as value,
        says_missing(min(value)) as is_missing_word,
        count(*) as cells
    from staged_target
    where value is not null
    group by lower(value)
)

select * from values_of_target
order by cells desc, value
limit 1000
