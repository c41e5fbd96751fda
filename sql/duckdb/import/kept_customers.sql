-- One row per customer of the previous snapshot who is not in the files.
with kept as (
    select customers.* replace (cast(customers.customer_id as varchar) as customer_id)
    from earlier.raw.customers
    where
        cast(customers.customer_id as varchar) not in (
            select customer_id from staging.checked_customers where reason is null
        )
)

select * from kept
