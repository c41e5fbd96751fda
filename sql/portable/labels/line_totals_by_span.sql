-- What the lines of a product say in each of the last spans of days, and before them: one row per product, name, category and
-- span. Reads the relation orders_by_span, which the caller puts before it.
-- The other columns are those of product_line_totals, of the lines in the span.
select
    order_items.product_id,
    order_items.product_name,
    order_items.product_category,
    orders_by_span.span,
    count(*) as line_count,
    count(order_items.unit_price) as priced_lines,
    sum(order_items.unit_price) as price_sum,
    sum(cast(order_items.unit_price as numeric(38, 4)) * order_items.unit_price) as price_square_sum,
    min(order_items.unit_price) as lowest_price,
    max(order_items.unit_price) as highest_price
from raw.order_items as order_items
inner join orders_by_span on order_items.order_id = orders_by_span.order_id
group by order_items.product_id, order_items.product_name, order_items.product_category, orders_by_span.span
