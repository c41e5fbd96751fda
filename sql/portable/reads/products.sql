-- The products of the shop: one row per product, by product_id.
-- Values: none.
with product_statistics as (
    select * from interactive.product_statistics
),

products as (
    select
        product_id,
        product_name,
        product_category,
        cast(price as double) as price
    from product_statistics
)

select * from products
order by product_id
