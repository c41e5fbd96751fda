-- What the lines of a product say in each of the last spans of days, and before them: one row per product, name, category and
-- span, as in pairs_by_span. Values: the last day, the days of a span, how many spans.
-- The other columns are those of product_line_totals, of the lines in the span.
with parameters as (
    select
        cast(? as date) as last_day,
        cast(? as integer) as span_days,
        cast(? as integer) as spans
),

orders as (
    select
        orders.order_id,
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
),

line_totals_by_span as (
    select
        order_items.product_id,
        order_items.product_name,
        order_items.product_category,
        orders.span,
        count(*) as line_count,
        count(order_items.unit_price) as priced_lines,
        sum(order_items.unit_price) as price_sum,
        sum(cast(order_items.unit_price as numeric(38, 4)) * order_items.unit_price) as price_square_sum,
        min(order_items.unit_price) as lowest_price,
        max(order_items.unit_price) as highest_price
    from raw.order_items as order_items
    inner join orders on order_items.order_id = orders.order_id
    group by order_items.product_id, order_items.product_name, order_items.product_category, orders.span
)

select * from line_totals_by_span
