-- One row per product of a warehouse with an id. One that occurs again is the same, of which the row with the most in stock counts.
select product_catalog.*
from blank_product_catalog as product_catalog
where product_catalog.product_id is not null
qualify row_number() over (
    partition by product_catalog.product_id
    order by
        product_catalog.stock_quantity desc nulls last, product_catalog.product_name nulls last,
        product_catalog.price desc nulls last, product_catalog.product_category nulls last
) = 1
