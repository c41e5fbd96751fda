-- One row per customer and product bought up to an earlier day, as `purchased_pairs` has it as of that day: those that were not
-- bought since then as they are today, and of the others what was bought in the spans that end with the day.
-- Values: the as-of date, the span that ends with it. Reads interactive.purchased_pairs as of today, and the relation
-- pairs_by_span, which the caller computes before.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as first_span
)

select
    purchased_pairs.customer_id,
    purchased_pairs.product_id,
    purchased_pairs.total_orders,
    purchased_pairs.total_quantity,
    purchased_pairs.total_spent,
    purchased_pairs.first_order_date,
    purchased_pairs.last_order_date
from interactive.purchased_pairs as purchased_pairs
cross join parameters
where cast(purchased_pairs.last_order_date as date) <= parameters.as_of_date
union all
select
    pairs_by_span.customer_id,
    pairs_by_span.product_id,
    cast(sum(pairs_by_span.total_orders) as integer) as total_orders,
    cast(sum(pairs_by_span.total_quantity) as numeric(38, 4)) as total_quantity,
    cast(sum(pairs_by_span.total_spent) as numeric(38, 4)) as total_spent,
    min(pairs_by_span.first_order_date) as first_order_date,
    max(pairs_by_span.last_order_date) as last_order_date
from pairs_by_span
cross join parameters
where pairs_by_span.span >= parameters.first_span
    and cast(pairs_by_span.last_ordered as date) > parameters.as_of_date
group by pairs_by_span.customer_id, pairs_by_span.product_id
