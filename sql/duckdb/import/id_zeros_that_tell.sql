-- One row: whether two ids of a column differ by their leading zeros only. Reads written_texts(t).
with ids as (
    select distinct trim(t) as id
    from written_texts
    where regexp_full_match(trim(t), '\d+')
),

merged as (
    select ltrim(id, '0') as plain_id
    from ids
    group by plain_id
    having count(*) > 1
    limit 1
)

select count(*) > 0 as would_merge from merged
