-- One row per product of a line that is written: as sql/duckdb/import/sold_products.sql if no earlier lines stay.
select cast(product_id as varchar) as product_id
from (select distinct product_id from raw.order_items)
union
select product_id
from raw.charges
