-- One row per product of a usable line of the files.
select distinct product_id
from staging.used_order_items
