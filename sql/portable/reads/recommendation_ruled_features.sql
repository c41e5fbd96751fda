-- The recommendation model's features of products that a list may offer, with what the products are called: one row per
-- chosen customer and candidate product, by both ids.
-- Reads the relations recommendation_features and offered_products, which the caller puts before it.
with product_statistics as (
    select * from interactive.product_statistics
)

select
    recommendation_features.*,
    product_statistics.product_name,
    product_statistics.product_category,
    product_statistics.is_offered
from recommendation_features
inner join offered_products
    on recommendation_features.product_id = offered_products.product_id
inner join product_statistics
    on recommendation_features.product_id = product_statistics.product_id
order by recommendation_features.customer_id, recommendation_features.product_id
