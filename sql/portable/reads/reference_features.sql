-- The reference's six churn features and recency as of the last order's date: one row per customer, by customer_id.
-- Values: none. A fraction of what sql/portable/reads/churn_features.sql reads, from the same serving table.
with churn_features as (
    select * from interactive.churn_features
)

select
    customer_id,
    total_orders,
    total_spent,
    avg_order_value,
    customer_tenure_days,
    order_frequency,
    revenue_per_order,
    days_since_last_order
from churn_features
order by customer_id
