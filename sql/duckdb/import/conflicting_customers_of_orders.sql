-- One row per order whose lines name more than one customer, or lie more than 30 days apart, at most four, in order of
-- the id: a number that is used again is another order.
with conflicting as (
    select order_id
    from staging.checked_orders
    where customers > 1 or last_order_date > order_date + interval 30 days
    order by order_id
    limit 4
)

select * from conflicting
