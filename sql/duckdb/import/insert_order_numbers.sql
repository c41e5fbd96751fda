insert into staging.order_numbers
select
    new_order_id,
    order_id
from staging.order_uses
where new_order_id <> order_id
