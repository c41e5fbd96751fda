-- Notes when customers of this batch left: at their last order, where it was also the last of their life.
update demo.truth
set dropped_out_at = purchases.order_date
from demo_purchases as purchases
where purchases.customer_number = demo.truth.customer_number
  and purchases.order_number = purchases.lifetime_orders
