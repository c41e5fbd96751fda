-- One row per customer and attribute of the previous snapshot, if the customer still exists. Value bound: whether values
-- from orders are kept, besides those from a customers file.
with customers as (
    select customer_id from raw.orders
    union
    select customer_id from raw.customers
),

kept as (
    select
        cast(customer_id as varchar) as customer_id,
        attribute,
        value,
        order_date,
        cast(null as varchar) as order_id
    from earlier.raw.customer_attributes
    where
        (order_date is null or cast(? as boolean))
        and cast(customer_id as varchar) in (select cast(customers.customer_id as varchar) from customers)
)

select * from kept
