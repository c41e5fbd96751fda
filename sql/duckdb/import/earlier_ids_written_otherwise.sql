-- One row: customers of the files whom the previous snapshot knows by the same id, and those whom it knows by an id with other
-- leading zeros, with one such pair.
with before as (
    select distinct cast(customer_id as varchar) as id
    from earlier.raw.orders
),

now as (
    select distinct customer_id as id
    from staging.checked_orders
    where reason is null
),

numbers_before as (
    select
        min(id) as id,
        ltrim(id, '0') as plain_id
    from before
    where regexp_full_match(id, '\d+')
    group by plain_id
),

otherwise as (
    select
        now.id,
        numbers_before.id as id_before
    from now
    anti join before on before.id = now.id
    inner join numbers_before on numbers_before.plain_id = ltrim(now.id, '0')
    where regexp_full_match(now.id, '\d+')
)

select
    (select count(*) from now inner join before using (id)) as written_alike,
    count(*) as written_otherwise,
    min(id) as example,
    arg_min(id_before, id) as example_before
from otherwise
