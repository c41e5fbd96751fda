-- Churn features as of the last order's date: one row per customer, by customer_id. Values: none.
-- The serving table is sql/churn_features.sql, run when the snapshot was built.
with churn_features as (
    select * from interactive.churn_features
)

select * from churn_features
order by customer_id
