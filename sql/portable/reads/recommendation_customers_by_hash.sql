-- A sample of customers for training and evaluation: one row per customer, those at the given positions when sorted
-- by the MD5 of their id, so that the same customers are drawn every time.
-- Values: the first and the last position, from 1.
with parameters as (
    select
        cast(? as integer) as first_position,
        cast(? as integer) as last_position
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

select positions.customer_id
from positions
cross join parameters
where positions.customer_position between parameters.first_position and parameters.last_position
