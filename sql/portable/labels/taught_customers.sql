-- A sample of customers for training and evaluation: one row per customer, with the customer's position when sorted by the
-- MD5 of their id, so that the same customers are drawn every time.
-- Values: how many customers, at most.
with parameters as (
    select cast(? as integer) as most_customers
),

recommendation_customers as (
    select * from interactive.recommendation_customers
),

positions as (
    select
        customer_id,
        row_number() over (order by md5(cast(customer_id as varchar)), customer_id) as customer_position
    from recommendation_customers
)

select positions.*
from positions
cross join parameters
where positions.customer_position <= parameters.most_customers
