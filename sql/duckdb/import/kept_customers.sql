-- One row per customer of the snapshot before whom the files do not name.
with kept as (
    select customers.* replace (cast(customers.customer_id as varchar) as customer_id)
    from earlier.raw.customers
    where
        cast(customers.customer_id as varchar) not in (
            select customer_id from staging.checked_customers where reason is null
        )
)

select * from kept
