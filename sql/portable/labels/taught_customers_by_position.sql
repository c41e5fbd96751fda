-- Some customers of a sample: one row per customer.
-- Values: the first and the last position, from 1. Reads the relation taught_customers, which the caller puts before it.
with parameters as (
    select
        cast(? as integer) as first_position,
        cast(? as integer) as last_position
)

select
    taught_customers.customer_id,
    taught_customers.customer_position as customer_number
from taught_customers
cross join parameters
where taught_customers.customer_position between parameters.first_position and parameters.last_position
