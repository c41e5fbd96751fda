-- Listed customers who can be recommended to: one row per customer, by customer_id.
-- Values: none. Reads the relation listed_customers (customer_id as text), which the caller puts before it.
with recommendation_customers as (
    select * from interactive.recommendation_customers
)

select
    recommendation_customers.customer_id,
    row_number() over (order by recommendation_customers.customer_id) as customer_number
from recommendation_customers
inner join listed_customers
    on cast(recommendation_customers.customer_id as varchar) = listed_customers.customer_id
order by recommendation_customers.customer_id
