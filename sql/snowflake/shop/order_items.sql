-- One row per order line of a warehouse that counts: with a product, of an order that counts. An id that occurs again within its
-- order is the same line.
select order_items.*
from blank_order_items as order_items
where
    order_items.product_id is not null
    and order_items.order_id in (
        select orders.order_id
        from blank_orders as orders
        where orders.customer_id is not null and cast(orders.order_date as date) <= blank_last_day
    )
qualify order_items.order_item_id is null or row_number() over (
    partition by order_items.order_id, order_items.order_item_id
    order by order_items.product_id, order_items.quantity desc nulls last, order_items.line_total desc nulls last
) = 1
