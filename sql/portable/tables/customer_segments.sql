-- One row per customer with an order up to the as-of date, in the first segment whose rule fits.
-- Values: the day; the days after which a customer is inactive, and the spend of inactive customers of high value; most orders
-- of new customers and of those of low engagement; the spend of active customers of high value.
-- total_spent is the sum of line totals; an order without lines counts with its own total.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as inactive_days,
        cast(? as numeric(38, 4)) as high_value_inactive,
        cast(? as integer) as new_orders,
        cast(? as integer) as low_engagement_orders,
        cast(? as numeric(38, 4)) as high_value_active
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
        sum(coalesce(order_lines.line_total, orders.total_amount)) as spent,
        max(orders.order_day) as last_order_date
    from orders
    left join order_lines on order_lines.order_id = orders.order_id
    group by orders.customer_id
),

customer_recency as (
    select
        customer_orders.customer_id,
        customer_orders.total_orders,
        cast(customer_orders.spent as numeric(38, 4)) as total_spent,
        customer_orders.last_order_date,
        cast(datediff('day', customer_orders.last_order_date, parameters.as_of_date) as integer) as days_since_last_order
    from customer_orders
    cross join parameters
),

customer_segments as (
    select
        customer_recency.customer_id,
        case
            when days_since_last_order > inactive_days and total_spent > high_value_inactive then 'HIGH_VALUE_INACTIVE'
            when days_since_last_order > inactive_days then 'AT_RISK'
            when total_orders <= new_orders then 'NEW_CUSTOMERS'
            when total_orders <= low_engagement_orders then 'LOW_ENGAGEMENT'
            when total_spent > high_value_active then 'HIGH_VALUE_ACTIVE'
            else 'REGULAR'
        end as segment,
        total_orders,
        total_spent,
        last_order_date,
        days_since_last_order
    from customer_recency
    cross join parameters
)

select * from customer_segments
