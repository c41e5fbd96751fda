-- No row: of what type the times of orders are.
select order_date
from raw.orders
where 1 = 0
