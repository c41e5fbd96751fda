-- What customers bought in each of the last spans of days, and what of the same products before them: one row per customer,
-- product and span, of products that the customer ordered in these spans. Values: the last day, the day before these spans.
-- Reads interactive.purchased_pairs as of today, and the relation orders_by_span, which the caller puts before it. last_ordered
-- is the day of the customer's last order of the product, which may come after the last day. The other columns are those of
-- purchased_pairs, of the orders in the span.
with parameters as (
    select
        cast(? as date) as last_day,
        cast(? as date) as day_before
),

recent_pairs as (
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id,
        purchased_pairs.last_order_date as last_ordered
    from interactive.purchased_pairs as purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.last_day
        and cast(purchased_pairs.last_order_date as date) > parameters.day_before
),

orders as (
    select * from orders_by_span
    where customer_id in (select customer_id from recent_pairs)
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
