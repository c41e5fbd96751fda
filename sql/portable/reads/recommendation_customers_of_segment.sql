-- Customers of a segment: one row per customer, by days since the last order, longest first, then id.
-- Values: the segment, the first and the last position, from 1.
with parameters as (
    select
        cast(? as varchar) as segment,
        cast(? as integer) as first_position,
        cast(? as integer) as last_position
),

customer_segments as (
    select * from interactive.customer_segments
),

positions as (
    select
        customer_segments.customer_id,
        row_number() over (
            order by customer_segments.days_since_last_order desc, customer_segments.customer_id
        ) as customer_position
    from customer_segments
    inner join parameters
        on customer_segments.segment = parameters.segment
)

select
    positions.customer_id,
    positions.customer_position as customer_number
from positions
cross join parameters
where positions.customer_position between parameters.first_position and parameters.last_position
order by positions.customer_position
