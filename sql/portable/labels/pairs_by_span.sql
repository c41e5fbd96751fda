-- What customers bought in each of the last spans of days, and what of the same products before them: one row per customer,
-- product and span, of products that the customer ordered in these spans or later. Values: the last day, the day before these
-- spans, how many spans.
-- Reads interactive.purchased_pairs as of today, and the relation orders_by_span, which the caller puts before it. last_ordered
-- is the day of the customer's last order of the product, which may come after the last day. The other columns are those of
-- purchased_pairs, of the orders in the span.
-- Only lines of these spans are added up. What is before them is what today's pairs have more than they, but for its last day.
with parameters as (
    select
        cast(? as date) as last_day,
        cast(? as date) as day_before,
        cast(? as integer) as spans
),

recent_pairs as (
    select
        purchased_pairs.*,
        case when cast(purchased_pairs.first_order_date as date) <= parameters.day_before then 1 else 0 end
            as is_bought_before
    from interactive.purchased_pairs as purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.last_day
        and cast(purchased_pairs.last_order_date as date) > parameters.day_before
),

recent_orders as (
    select orders_by_span.*
    from orders_by_span
    inner join parameters on orders_by_span.span < parameters.spans
),

earlier_orders as (
    select orders_by_span.*
    from orders_by_span
    inner join parameters on orders_by_span.span = parameters.spans
    where orders_by_span.customer_id in (select customer_id from recent_pairs where is_bought_before = 1)
),

-- As in purchased_pairs, whose rows of an earlier day are added up from these.
order_products as (
    select
        order_id,
        product_id,
        sum(quantity) as quantity,
        sum(line_total) as spent
    from raw.order_items
    where order_id in (select order_id from recent_orders)
    group by order_id, product_id
),

spans_of_pairs as (
    select
        recent_orders.customer_id,
        order_products.product_id,
        recent_orders.span,
        cast(count(*) as integer) as total_orders,
        cast(sum(order_products.quantity) as numeric(38, 4)) as total_quantity,
        cast(sum(order_products.spent) as numeric(38, 4)) as total_spent,
        min(recent_orders.order_day) as first_order_date,
        max(recent_orders.order_day) as last_order_date
    from order_products
    inner join recent_orders on recent_orders.order_id = order_products.order_id
    group by recent_orders.customer_id, order_products.product_id, recent_orders.span
),

all_spans_of_pairs as (
    select
        customer_id,
        product_id,
        sum(total_orders) as total_orders,
        coalesce(sum(total_quantity), 0) as total_quantity,
        coalesce(sum(total_spent), 0) as total_spent
    from spans_of_pairs
    group by customer_id, product_id
),

-- Lines may lack a quantity or an amount: of a pair whose lines before the spans all lack it, nothing is known.
earlier_lines as (
    select
        earlier_orders.customer_id,
        order_items.product_id,
        count(order_items.quantity) as quantities,
        count(order_items.line_total) as amounts,
        max(earlier_orders.order_day) as last_order_date
    from raw.order_items as order_items
    inner join earlier_orders on earlier_orders.order_id = order_items.order_id
    group by earlier_orders.customer_id, order_items.product_id
)

select
    spans_of_pairs.customer_id,
    spans_of_pairs.product_id,
    spans_of_pairs.span,
    spans_of_pairs.total_orders,
    spans_of_pairs.total_quantity,
    spans_of_pairs.total_spent,
    spans_of_pairs.first_order_date,
    spans_of_pairs.last_order_date,
    recent_pairs.last_order_date as last_ordered
from spans_of_pairs
inner join recent_pairs
    on spans_of_pairs.customer_id = recent_pairs.customer_id
    and spans_of_pairs.product_id = recent_pairs.product_id
where spans_of_pairs.span >= 0
union all
select
    recent_pairs.customer_id,
    recent_pairs.product_id,
    parameters.spans as span,
    cast(recent_pairs.total_orders - all_spans_of_pairs.total_orders as integer) as total_orders,
    case
        when earlier_lines.quantities > 0
            then cast(recent_pairs.total_quantity - all_spans_of_pairs.total_quantity as numeric(38, 4))
    end as total_quantity,
    case
        when earlier_lines.amounts > 0
            then cast(recent_pairs.total_spent - all_spans_of_pairs.total_spent as numeric(38, 4))
    end as total_spent,
    recent_pairs.first_order_date,
    earlier_lines.last_order_date,
    recent_pairs.last_order_date as last_ordered
from recent_pairs
cross join parameters
inner join all_spans_of_pairs
    on recent_pairs.customer_id = all_spans_of_pairs.customer_id
    and recent_pairs.product_id = all_spans_of_pairs.product_id
inner join earlier_lines
    on recent_pairs.customer_id = earlier_lines.customer_id
    and recent_pairs.product_id = earlier_lines.product_id
where recent_pairs.is_bought_before = 1
