-- At most four ids of orders whose lines name more than one customer, in order.
with conflicting as (
    select order_id
    from staging.checked_orders
    where customers > 1
    order by order_id
    limit 4
)

select * from conflicting
