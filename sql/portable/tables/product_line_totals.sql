-- What the lines of a product say, up to the as-of date: one row per product, name and category.
-- Counts and sums of decimals, so that rows can be added and taken away again without a difference.
with parameters as (
    select cast(? as date) as as_of_date
),

orders as (
    select order_id
    from raw.orders
    cross join parameters
    where cast(order_date as date) <= as_of_date
),

order_items as (
    select * from raw.order_items
),

product_line_totals as (
    select
        product_id,
        product_name,
        product_category,
        count(*) as line_count,
        count(unit_price) as priced_lines,
        sum(unit_price) as price_sum,
        sum(cast(unit_price as numeric(38, 4)) * unit_price) as price_square_sum,
        min(unit_price) as lowest_price,
        max(unit_price) as highest_price
    from order_items
    where order_id in (select order_id from orders)
    group by product_id, product_name, product_category
)

select * from product_line_totals
