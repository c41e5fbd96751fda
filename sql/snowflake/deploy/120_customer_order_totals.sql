-- One row per customer: the second step, again a minute behind at most and refreshed by what has changed alone.
create or replace dynamic table interactive.customer_order_totals
target_lag = '1 minute'
warehouse = blank_warehouse
refresh_mode = incremental
comment = 'churn-mcp: what each customer bought in all'
as
select
    customer_id,
    first_name,
    last_name,
    email,
    customer_segment,
    cast(count(*) as integer) as total_orders,
    cast(sum(total_amount) as numeric(38, 4)) as total_spent,
    min(order_day) as first_order_date,
    max(order_day) as last_order_date
from interactive.enriched_orders
group by customer_id, first_name, last_name, email, customer_segment
