-- Ids that stand in several rows: one row per id, by id, at most four. Reads staged_ids(value).
with repeated_ids as (
    select value
    from staged_ids
    where value is not null
    group by value
    having count(*) > 1
)

select * from repeated_ids
order by value
limit 4
