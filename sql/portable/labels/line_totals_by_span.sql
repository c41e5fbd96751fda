-- What the lines of a product say in each of the last spans of days, before and after them: one row per product and span, with
-- what recommendations read of product_line_totals. Reads the relation orders_by_span, which the caller puts before it.
select
    order_items.product_id,
    orders_by_span.span,
    max(order_items.product_category) as product_category,
    max(order_items.unit_price) as highest_price
from raw.order_items as order_items
inner join orders_by_span on order_items.order_id = orders_by_span.order_id
group by order_items.product_id, orders_by_span.span
