-- The orders of every nth customer by id: one row per order. Values: n.
with churn_features as (
    select * from interactive.churn_features
),

orders as (
    select * from raw.orders
),

parameters as (
    select cast(? as integer) as every_nth
),

customers as (
    select
        customer_id,
        row_number() over (order by customer_id) as customer_position
    from churn_features
),

sampled_orders as (
    select orders.*
    from orders
    inner join customers
        on orders.customer_id = customers.customer_id
    cross join parameters
    where mod(customers.customer_position - 1, parameters.every_nth) = 0
)

select * from sampled_orders
