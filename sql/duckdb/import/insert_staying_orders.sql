-- Adds one row per order of the previous snapshot that stays and is not there yet.
insert into staging.staying_orders by name
select
    order_id as earlier_id,
    order_id,
    number,
    customer_id,
    order_date
from staging.earlier_orders
where
    order_id not in (select earlier_id from staging.staying_orders)
    and order_id not in (select order_id from staging.corrected_orders)
