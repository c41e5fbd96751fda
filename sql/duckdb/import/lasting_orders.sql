-- One row per order of the previous snapshot that there is now, too: its id then and now. Its lines stay if the files hold
-- none of it.
with orders_now as (
    select
        orders.order_id,
        coalesce(order_numbers.number, orders.order_id) as number,
        cast(orders.customer_id as varchar) as customer_id,
        orders.order_date
    from raw.orders
    left join raw.order_numbers on order_numbers.order_id = orders.order_id
),

lasting as (
    select
        orders_before.order_id as earlier_id,
        min(orders_now.order_id) as order_id
    from staging.earlier_orders as orders_before
    inner join orders_now
        on orders_now.number = orders_before.number and orders_now.customer_id = orders_before.customer_id
    where is_near(orders_now.order_date, orders_before.order_date)
    group by orders_before.order_id
)

select * from lasting
where order_id not in (select orders_with_lines.order_id from staging.orders_with_lines)
