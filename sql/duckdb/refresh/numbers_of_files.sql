-- One row per order that rows of files are about, by its number.
select order_id
from staging.checked_orders
where order_id is not null
union
select number
from staging.order_numbers
union
select order_id
from staging.checked_order_items
where order_id is not null
