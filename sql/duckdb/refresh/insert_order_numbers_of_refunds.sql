insert into staging.order_numbers
select order_id, number
from staging.staying_orders
where
    order_id <> number
    and order_id not in (select order_numbers.order_id from staging.order_numbers)
