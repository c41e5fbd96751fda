-- One row: what a shop's books say of the same time: orders, customers, revenue, days, lines.
with orders as (
    select
        count(*) as orders,
        count(distinct customer_id) as customers,
        coalesce(sum(total_amount), 0) as revenue,
        min(cast(order_date as date)) as first_day,
        max(cast(order_date as date)) as last_day
    from raw.orders
),

-- Customers who are in the files, and none of whose orders counts.
without_sale as (
    select count(distinct customer_id) as customers_without_sale
    from staging.checked_orders
    where
        reason is not null
        and customer_id is not null
        and not is_guest(customer_id)
        and customer_id not in (select customer_id from staging.checked_orders where reason is null)
),

lines as (
    select
        count(*) as lines,
        count(distinct product_id) as products
    from raw.order_items
),

totals as (
    select
        orders.*,
        without_sale.*,
        lines.*,
        cast(case when orders > 0 then revenue / orders end as decimal(38, 4)) as mean_order_value
    from orders
    cross join without_sale
    cross join lines
)

select
    orders,
    customers,
    customers_without_sale,
    cast(revenue as varchar) as revenue,
    cast(mean_order_value as varchar) as mean_order_value,
    cast(first_day as varchar) as first_day,
    cast(last_day as varchar) as last_day,
    lines,
    products
from totals
