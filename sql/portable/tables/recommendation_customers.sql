-- What a customer did by a day: one row per customer with an order on or before it, by customer_id.
-- Values: the as-of date. Reads interactive.purchased_pairs, built as of the same day.
-- Amounts are summed as decimals and days as integers, and cast to double last.
with parameters as (
    select cast(? as date) as as_of_date
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

orders as (
    select * from raw.orders
),

order_totals as (
    select
        orders.customer_id,
        count(*) as total_orders,
        sum(
            case when cast(orders.order_date as date) > parameters.as_of_date - 90 then 1 else 0 end
        ) as orders_last_90_days,
        min(datediff('day', cast(orders.order_date as date), parameters.as_of_date)) as days_since_last_order,
        max(datediff('day', cast(orders.order_date as date), parameters.as_of_date)) as days_since_first_order
    from orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.as_of_date
    group by orders.customer_id
),

pair_totals as (
    select
        customer_id,
        count(*) as unique_products_bought,
        sum(total_orders) as lines_bought,
        sum(case when total_orders > 1 then 1 else 0 end) as products_bought_again,
        cast(sum(cast(total_spent as decimal(38, 4))) as double) as total_spent,
        cast(sum(cast(total_quantity as decimal(38, 4))) as double) as total_quantity
    from purchased_pairs
    group by customer_id
),

recommendation_customers as (
    select
        order_totals.customer_id,
        cast(order_totals.total_orders as double) as total_past_orders,
        cast(order_totals.orders_last_90_days as double) as orders_last_90_days,
        cast(order_totals.days_since_last_order as double) as days_since_last_order,
        cast(order_totals.days_since_first_order as double) as days_since_first_order,
        cast(coalesce(pair_totals.unique_products_bought, 0) as integer) as unique_products_bought,
        coalesce(pair_totals.total_spent, 0) as total_spent,
        pair_totals.total_spent / nullif(cast(pair_totals.lines_bought as double), 0) as avg_item_spend,
        pair_totals.total_spent / nullif(pair_totals.total_quantity, 0) as usual_price,
        cast(pair_totals.lines_bought as double) / cast(order_totals.total_orders as double)
            as products_per_order,
        cast(pair_totals.products_bought_again as double)
        / cast(pair_totals.unique_products_bought as double) as repeat_share
    from order_totals
    left join pair_totals
        on order_totals.customer_id = pair_totals.customer_id
)

select * from recommendation_customers
