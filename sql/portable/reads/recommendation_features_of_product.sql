-- recommendation_features_of_product
-- The recommendation model's features for one product: one row per chosen customer for whom it is a candidate, by customer_id.
-- Values: the product's id as text. Reads the relation recommendation_features, which the caller puts before it.
with parameters as (
    select cast(? as varchar) as product_id
)

select recommendation_features.*
from recommendation_features
inner join parameters
    on cast(recommendation_features.product_id as varchar) = parameters.product_id
order by recommendation_features.customer_id
