-- One row per order whose lines name more than one customer, at most four, in order of the id.
with conflicting as (
    select order_id
    from staging.checked_orders
    where customers > 1
    order by order_id
    limit 4
)

select * from conflicting
