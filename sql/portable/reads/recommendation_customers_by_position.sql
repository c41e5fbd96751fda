-- Customers for scoring in batches: one row per customer, those at the given positions when sorted by id.
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
        row_number() over (order by customer_id) as customer_position
    from recommendation_customers
)

select
    positions.customer_id,
    positions.customer_position as customer_number
from positions
cross join parameters
where positions.customer_position between parameters.first_position and parameters.last_position
