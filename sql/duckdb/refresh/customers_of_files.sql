-- One row per customer's id that the checked rows of files name or explain, and per known one that differs from these in leading
-- zeros alone: an import holds the ids of files against those.
with named as (
    select customer_id from staging.checked_orders
    union
    select customer_id from staging.checked_customers
    union
    select customer_id from staging.persons
    union
    select person_id from staging.persons
),

known as (
    select cast(customer_id as varchar) as customer_id
    from earlier.interactive.customer_order_analytics
),

written_otherwise as (
    select customer_id
    from known
    where
        regexp_full_match(customer_id, '\d+')
        and ltrim(customer_id, '0') in (
            select ltrim(named.customer_id, '0') from named where regexp_full_match(named.customer_id, '\d+')
        )
),

told as (
    select customer_id from named
    union
    select customer_id from written_otherwise
)

select * from told
where customer_id is not null
