-- The recommendation model's features with what the products are called, and whether they are offered: one row per chosen
-- customer and candidate product, by both ids.
-- Reads the relation recommendation_features, which the caller puts before it.
with product_statistics as (
    select * from interactive.product_statistics
)

select
    recommendation_features.*,
    product_statistics.product_name,
    product_statistics.product_category,
    product_statistics.is_offered
from recommendation_features
left join product_statistics
    on recommendation_features.product_id = product_statistics.product_id
order by recommendation_features.customer_id, recommendation_features.product_id
