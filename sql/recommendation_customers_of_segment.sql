-- The first customers of a segment: one row a customer, by days since the last order, longest first, then id.
-- Values: the segment, the number of customers.
with parameters as (
    select
        cast(? as varchar) as segment,
        cast(? as integer) as customer_count
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

select positions.customer_id
from positions
cross join parameters
where positions.customer_position <= parameters.customer_count
