-- How many customers recommendations are made for, as of a day, and among how many products: one row.
-- Values: the as-of date.
with parameters as (
    select cast(? as date) as as_of_date
),

orders as (
    select * from raw.orders
),

product_statistics as (
    select * from interactive.product_statistics
),

customer_count as (
    select cast(count(distinct orders.customer_id) as integer) as customers
    from orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.as_of_date
),

product_count as (
    select cast(count(*) as integer) as products
    from product_statistics
)

select
    customer_count.customers,
    product_count.products
from customer_count
cross join product_count
