-- One row per product that was sold up to the as-of date or stands in the catalogue.
-- Reads interactive.product_sales and interactive.product_line_totals, built as of the same day.
-- is_offered = 0 if the product is out of stock. A shop that has nothing in stock does not keep count: there a product is
-- no longer offered if it was last sold more than a year before the as-of date.
-- price is the catalogue's, else the mean unit price sold at; price_variance is the standard deviation of unit prices.
with parameters as (
    select cast(? as date) as as_of_date
),

product_catalog as (
    select * from raw.product_catalog
),

product_sales as (
    select * from interactive.product_sales
),

-- A product has few names.
described_lines as (
    select * from interactive.product_line_totals
),

product_prices as (
    select
        product_id,
        cast(sum(priced_lines) as double) as priced_lines,
        cast(sum(price_sum) as double) as price_sum,
        cast(sum(price_square_sum) as double) as price_square_sum,
        min(lowest_price) as lowest_price,
        max(highest_price) as highest_price
    from described_lines
    group by product_id
),

-- A product's name is the one most of its lines carry.
name_counts as (
    select
        product_id,
        product_name,
        sum(line_count) as line_count
    from described_lines
    where product_name is not null
    group by product_id, product_name
),

product_names as (
    select
        product_id,
        product_name
    from name_counts
    qualify row_number() over (
        partition by product_id
        order by line_count desc nulls last, product_name asc nulls last
    ) = 1
),

category_counts as (
    select
        product_id,
        product_category,
        sum(line_count) as line_count
    from described_lines
    where product_category is not null
    group by product_id, product_category
),

product_categories as (
    select
        product_id,
        product_category
    from category_counts
    qualify row_number() over (
        partition by product_id
        order by line_count desc nulls last, product_category asc nulls last
    ) = 1
),

product_ids as (
    select product_id from product_sales
    union
    select product_id from product_catalog
),

shop_stock as (
    select max(coalesce(stock_quantity, 0)) as highest_stock
    from product_catalog
),

product_statistics as (
    select
        product_ids.product_id,
        coalesce(
            product_catalog.product_name,
            product_names.product_name,
            cast(product_ids.product_id as varchar)
        ) as product_name,
        coalesce(product_catalog.product_category, product_categories.product_category) as product_category,
        case
            when product_catalog.price is not null then cast(product_catalog.price as double)
            when product_prices.priced_lines > 0 then product_prices.price_sum / product_prices.priced_lines
        end as price,
        cast(coalesce(product_sales.total_orders, 0) as integer) as total_orders,
        cast(coalesce(product_sales.buyers, 0) as integer) as total_customers,
        coalesce(product_sales.total_quantity, 0) as total_quantity,
        case
            when product_prices.priced_lines is null or product_prices.priced_lines < 2 then cast(0 as double)
            when product_prices.lowest_price = product_prices.highest_price then cast(0 as double)
            when product_prices.price_square_sum * product_prices.priced_lines
                <= product_prices.price_sum * product_prices.price_sum then cast(0 as double)
            else sqrt(
                (
                    product_prices.price_square_sum
                    - product_prices.price_sum * product_prices.price_sum / product_prices.priced_lines
                ) / (product_prices.priced_lines - 1)
            )
        end as price_variance,
        product_sales.last_order_date,
        case
            when shop_stock.highest_stock > 0 and product_catalog.stock_quantity <= 0 then 0
            when shop_stock.highest_stock > 0 then 1
            when cast(product_sales.last_order_date as date) < parameters.as_of_date - 365 then 0
            else 1
        end as is_offered
    from product_ids
    cross join shop_stock
    cross join parameters
    left join product_catalog on product_catalog.product_id = product_ids.product_id
    left join product_sales on product_sales.product_id = product_ids.product_id
    left join product_prices on product_prices.product_id = product_ids.product_id
    left join product_names on product_names.product_id = product_ids.product_id
    left join product_categories on product_categories.product_id = product_ids.product_id
)

select * from product_statistics
