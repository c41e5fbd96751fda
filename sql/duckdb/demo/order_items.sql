-- One row per line of an order.
insert into raw.order_items
select
    (10000 + customer_number) || '-' || order_number || '-' || line_number as order_item_id,
    (10000 + customer_number) || '-' || order_number as order_id,
    product_id,
    product_name,
    product_category,
    cast(quantity as decimal(18, 4)) as quantity,
    cast(unit_cents as decimal(18, 4)) / 100 as unit_price,
    cast(quantity * unit_cents as decimal(18, 4)) / 100 as line_total
from demo_baskets
order by customer_number, order_number, line_number
