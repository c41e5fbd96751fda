-- What customers bought in each of the last spans of days, and what of the same products before them: one row per customer,
-- product and span, of products that the customer ordered in these spans. Values: the last day, the days of a span, how many spans.
-- Reads interactive.purchased_pairs as of today. span is 0 for the days that end with the last day, 1 for those before them,
-- and so on; the highest is for all days before the last spans. last_ordered is the day of the customer's last order of it,
-- which may come after the last day. The other columns are those of purchased_pairs, of the orders in the span.
with parameters as (
    select
        cast(? as date) as last_day,
        cast(? as integer) as span_days,
        cast(? as integer) as spans
),

recent_pairs as (
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id,
        purchased_pairs.last_order_date as last_ordered
    from interactive.purchased_pairs as purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.last_day
        and cast(purchased_pairs.last_order_date as date)
        > parameters.last_day - parameters.span_days * parameters.spans
),

orders as (
    select
        orders.order_id,
        orders.customer_id,
        cast(orders.order_date as date) as order_day,
        least(
            parameters.spans,
            cast(
                floor(
                    cast(datediff('day', cast(orders.order_date as date), parameters.last_day) as double)
                    / parameters.span_days
                ) as integer
            )
        ) as span
    from raw.orders as orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.last_day
        and orders.customer_id in (select customer_id from recent_pairs)
),

-- As in purchased_pairs, whose rows of an earlier day are added up from these.
order_products as (
    select
        order_id,
        product_id,
        sum(quantity) as quantity,
        sum(line_total) as spent
    from raw.order_items
    where order_id in (select order_id from orders)
    group by order_id, product_id
),

spans_of_pairs as (
    select
        orders.customer_id,
        order_products.product_id,
        orders.span,
        cast(count(*) as integer) as total_orders,
        cast(sum(order_products.quantity) as numeric(38, 4)) as total_quantity,
        cast(sum(order_products.spent) as numeric(38, 4)) as total_spent,
        min(orders.order_day) as first_order_date,
        max(orders.order_day) as last_order_date
    from order_products
    inner join orders on orders.order_id = order_products.order_id
    group by orders.customer_id, order_products.product_id, orders.span
)

select
    spans_of_pairs.*,
    recent_pairs.last_ordered
from spans_of_pairs
inner join recent_pairs
    on spans_of_pairs.customer_id = recent_pairs.customer_id
    and spans_of_pairs.product_id = recent_pairs.product_id
