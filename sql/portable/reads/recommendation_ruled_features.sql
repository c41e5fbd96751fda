-- The recommendation model's features, with what the products are called, of products that a list may offer: one row per
-- chosen customer and candidate product, by both ids.
-- Reads the relations named_features and offered_products, which the caller puts before it.
select named_features.*
from named_features
inner join offered_products
    on named_features.product_id = offered_products.product_id
order by named_features.customer_id, named_features.product_id
