-- What a sample of customers bought in a span of days: one row per customer and product ordered in it.
-- Values: the span. Reads the relations taught_customers and pairs_by_span, which the caller computes before.
with parameters as (
    select cast(? as integer) as span
)

select
    pairs_by_span.customer_id,
    pairs_by_span.product_id
from pairs_by_span
inner join parameters
    on pairs_by_span.span = parameters.span
inner join taught_customers
    on pairs_by_span.customer_id = taught_customers.customer_id
