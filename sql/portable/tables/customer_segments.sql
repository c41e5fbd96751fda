-- One row per customer with an order up to the as-of date, in the first segment whose rule fits.
-- total_spent is the sum of line totals; of order totals for a customer without lines.
with parameters as (
    select cast(? as date) as as_of_date
),

orders as (
    select
        order_id,
        customer_id,
        cast(order_date as date) as order_day,
        total_amount
    from raw.orders
    cross join parameters
    where cast(order_date as date) <= as_of_date
),

order_lines as (
    select
        order_id,
        sum(line_total) as line_total
    from raw.order_items
    group by order_id
),

customer_orders as (
    select
        orders.customer_id,
        cast(count(*) as integer) as total_orders,
        sum(orders.total_amount) as order_spent,
        sum(order_lines.line_total) as line_spent,
        max(orders.order_day) as last_order_date
    from orders
    left join order_lines on order_lines.order_id = orders.order_id
    group by orders.customer_id
),

customer_recency as (
    select
        customer_orders.customer_id,
        customer_orders.total_orders,
        cast(coalesce(customer_orders.line_spent, customer_orders.order_spent) as numeric(38, 4)) as total_spent,
        customer_orders.last_order_date,
        cast(datediff('day', customer_orders.last_order_date, parameters.as_of_date) as integer) as days_since_last_order
    from customer_orders
    cross join parameters
),

customer_segments as (
    select
        customer_id,
        case
            when days_since_last_order > 180 and total_spent > 500 then 'HIGH_VALUE_INACTIVE'
            when days_since_last_order > 180 then 'AT_RISK'
            when total_orders <= 2 then 'NEW_CUSTOMERS'
            when total_orders <= 5 then 'LOW_ENGAGEMENT'
            when total_spent > 1000 then 'HIGH_VALUE_ACTIVE'
            else 'REGULAR'
        end as segment,
        total_orders,
        total_spent,
        last_order_date,
        days_since_last_order
    from customer_recency
)

select * from customer_segments
