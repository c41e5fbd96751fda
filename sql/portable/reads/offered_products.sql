-- Products that a list may offer: one row per product in stock and still sold, of a category and a range of prices, by
-- popularity, then product_id.
-- Values: the category, the least and the highest price; null is no condition. Letters' case does not matter.
-- A product without a category or a price meets no condition on it.
with parameters as (
    select
        lower(cast(? as varchar)) as wanted_category,
        cast(? as double) as least_price,
        cast(? as double) as highest_price
),

product_statistics as (
    select * from interactive.product_statistics
),

recommendation_products as (
    select * from interactive.recommendation_products
),

offered_products as (
    select
        product_statistics.product_id,
        recommendation_products.popularity_rank
    from product_statistics
    inner join recommendation_products
        on product_statistics.product_id = recommendation_products.product_id
    cross join parameters
    where product_statistics.is_offered = 1
        and (
            parameters.wanted_category is null
            or lower(product_statistics.product_category) = parameters.wanted_category
        )
        and (parameters.least_price is null or product_statistics.price >= parameters.least_price)
        and (parameters.highest_price is null or product_statistics.price <= parameters.highest_price)
)

select * from offered_products
order by popularity_rank, product_id
