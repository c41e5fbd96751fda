-- One row per usable order row of the files and per order that stays.
select order_id, number, customer_id, order_date
from staging.sold_orders_of_files
union all
select order_id, number, customer_id, order_date
from staging.staying_orders
