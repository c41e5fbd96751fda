-- One row per order, customer and time in the files that is usable or understood: its number, and whether it counts.
with file_orders as (
    select
        checked_orders.order_id,
        coalesce(order_numbers.number, checked_orders.order_id) as number,
        checked_orders.customer_id,
        checked_orders.order_date,
        bool_or(checked_orders.reason is null) as is_sale
    from staging.checked_orders
    left join staging.order_numbers on order_numbers.order_id = checked_orders.order_id
    where
        checked_orders.order_id is not null
        and (checked_orders.reason is null or (is_understood(checked_orders.reason) and checked_orders.reason <> 'refund'))
    group by all
)

select * from file_orders
