-- What a customer bought in all, laid out so that a single customer is found within milliseconds.
create or replace interactive table interactive.customer_order_analytics
cluster by (customer_id)
target_lag = '1 minute'
warehouse = blank_warehouse
comment = 'churn-mcp: what each customer bought in all, found within milliseconds'
as
select
    customer_id,
    first_name,
    last_name,
    email,
    customer_segment,
    total_orders,
    total_spent,
    cast(total_spent as double) / cast(total_orders as double) as avg_order_value,
    first_order_date,
    last_order_date
from interactive.customer_order_totals
