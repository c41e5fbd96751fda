-- The recommendation model's features, one row per chosen customer and candidate product, by both ids.
-- Reads the relation recommendation_features, which the caller puts before it.
select recommendation_features.*
from recommendation_features
order by recommendation_features.customer_id, recommendation_features.product_id
