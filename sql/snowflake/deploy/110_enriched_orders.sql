-- Orders with their day and the customer's data: the first step from raw to served, a minute behind at most. It is
-- refreshed by what has changed alone, so nothing in it depends on the day it is read.
create or replace dynamic table interactive.enriched_orders
target_lag = '1 minute'
warehouse = blank_warehouse
refresh_mode = incremental
comment = 'churn-mcp: orders with their day and their customer'
as
select
    orders.order_id,
    orders.customer_id,
    cast(orders.order_date as date) as order_day,
    cast(orders.total_amount as decimal(38, 4)) as total_amount,
    customers.first_name,
    customers.last_name,
    customers.email,
    customers.customer_segment
from raw.orders as orders
left join raw.customers as customers
    on orders.customer_id = customers.customer_id
