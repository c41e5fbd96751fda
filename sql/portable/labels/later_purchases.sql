-- What a sample of customers bought after a day: one row per customer and product ordered on the days
-- (cutoff, cutoff + horizon].
-- Values: the cutoff date, the horizon in days. Reads the relation taught_customers, which the caller puts before it.
with parameters as (
    select
        cast(? as date) as cutoff_date,
        cast(? as integer) as horizon_days
),

orders as (
    select * from raw.orders
),

order_items as (
    select * from raw.order_items
)

select distinct
    orders.customer_id,
    order_items.product_id
from orders
cross join parameters
inner join order_items
    on orders.order_id = order_items.order_id
inner join taught_customers
    on orders.customer_id = taught_customers.customer_id
where cast(orders.order_date as date) > parameters.cutoff_date
    and cast(orders.order_date as date) <= parameters.cutoff_date + parameters.horizon_days
