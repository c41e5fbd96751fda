-- One row per usable order row of the files, with the number that the files give the order.
with sold as (
    select
        checked_orders.order_id,
        coalesce(order_numbers.number, checked_orders.order_id) as number,
        checked_orders.customer_id,
        checked_orders.order_date
    from staging.checked_orders
    left join staging.order_numbers on order_numbers.order_id = checked_orders.order_id
    where checked_orders.reason is null
)

select * from sold
