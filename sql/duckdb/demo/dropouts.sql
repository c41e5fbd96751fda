-- One row per customer of this batch whose last order was also the last of their life: notes when they left.
update demo.truth
set dropped_out_at = purchases.order_date
from demo_purchases as purchases
where purchases.customer_number = demo.truth.customer_number
    and purchases.order_number = purchases.lifetime_orders
