-- Lines that a later file takes back are no sales either. A number that another customer used, or the same one months
-- before, is another order.
update staging.checked_order_items as checked
set reason = taken_back_orders.reason
from staging.taken_back_orders
where
    checked.order_id = taken_back_orders.order_id
    and checked.order_item_id is not distinct from taken_back_orders.line_id
    and checked.reason is null
    and (taken_back_orders.customer_id is null or taken_back_orders.customer_id = checked.customer_id)
    and is_near(taken_back_orders.order_date, checked.order_date)
