-- How a product sells by a day: one row per product sold by then or in the catalogue, by product_id.
-- Values: the as-of date. Reads interactive.product_sales and interactive.product_line_totals, built as of the same day.
-- Ranks are from the most popular, 1, on, by buyers of the last 30 days, then 90 days, then of all time.
with parameters as (
    select cast(? as date) as as_of_date
),

product_sales as (
    select * from interactive.product_sales
),

product_line_totals as (
    select * from interactive.product_line_totals
),

product_catalog as (
    select * from raw.product_catalog
),

product_ids as (
    select product_id from product_sales
    union
    select product_id from product_catalog
),

catalog_products as (
    select
        product_id,
        max(price) as price,
        max(product_category) as product_category
    from product_catalog
    group by product_id
),

described_lines as (
    select
        product_id,
        max(product_category) as product_category,
        max(highest_price) as highest_price
    from product_line_totals
    group by product_id
),

described_products as (
    select
        product_ids.product_id,
        coalesce(catalog_products.product_category, described_lines.product_category) as product_category,
        coalesce(
            cast(catalog_products.price as double),
            -- What a piece costs without a discount. Money by quantity says more of who buys a lot than of the product.
            cast(described_lines.highest_price as double),
            cast(product_sales.total_spent as double) / nullif(cast(product_sales.total_quantity as double), 0)
        ) as product_price,
        coalesce(product_sales.buyers, 0) as buyers,
        coalesce(product_sales.total_orders, 0) as product_orders,
        coalesce(product_sales.buyers_7, 0) as buyers_7,
        coalesce(product_sales.buyers_30, 0) as buyers_30,
        coalesce(product_sales.buyers_90, 0) as buyers_90,
        coalesce(product_sales.new_buyers_30, 0) as new_buyers_30,
        coalesce(product_sales.repeat_buyers, 0) as repeat_buyers,
        datediff('day', cast(product_sales.first_order_date as date), parameters.as_of_date) as first_sold_age,
        datediff('day', cast(product_sales.last_order_date as date), parameters.as_of_date) as last_sold_age
    from product_ids
    cross join parameters
    left join product_sales
        on product_ids.product_id = product_sales.product_id
    left join described_lines
        on product_ids.product_id = described_lines.product_id
    left join catalog_products
        on product_ids.product_id = catalog_products.product_id
),

recommendation_products as (
    select
        product_id,
        product_category,
        product_price,
        cast(buyers as double) as product_buyers,
        cast(product_orders as double) as product_popularity,
        cast(buyers_7 as double) as buyers_last_7_days,
        cast(buyers_30 as double) as buyers_last_30_days,
        cast(buyers_90 as double) as buyers_last_90_days,
        cast(new_buyers_30 as double) as new_buyers_last_30_days,
        cast(buyers_30 as double) / nullif(cast(buyers_90 as double), 0) as popularity_trend,
        cast(repeat_buyers as double) / nullif(cast(buyers as double), 0) as product_repeat_share,
        cast(first_sold_age as double) as days_since_first_sold,
        cast(last_sold_age as double) as days_since_last_sold,
        row_number() over (
            order by buyers_30 desc, buyers_90 desc, buyers desc, product_id
        ) as popularity_rank,
        row_number() over (
            order by product_orders desc, product_id
        ) as all_time_rank,
        row_number() over (
            order by new_buyers_30 desc, buyers_30 desc, product_id
        ) as discovery_rank,
        row_number() over (
            partition by product_category
            order by buyers_30 desc, buyers_90 desc, buyers desc, product_id
        ) as category_rank
    from described_products
)

select * from recommendation_products
