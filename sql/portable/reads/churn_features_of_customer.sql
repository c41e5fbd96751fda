-- Churn features of one customer as of the day of the serving tables: one row, or none if there is no such customer.
-- Values: the customer's id as text.
with parameters as (
    select cast(? as varchar) as customer_id
),

churn_features as (
    select * from interactive.churn_features
),

chosen as (
    select churn_features.*
    from churn_features
    inner join parameters on cast(churn_features.customer_id as varchar) = parameters.customer_id
)

select * from chosen
order by customer_id
