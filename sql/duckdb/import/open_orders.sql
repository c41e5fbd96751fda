-- One row per order that counts, of customers with refunds, before any refund is subtracted.
with open_orders as (
    select
        customer_id,
        order_id,
        min(order_date) as order_date,
        greatest(min(total_amount), 0) as amount
    from staging.checked_orders
    where reason is null and customer_id in (select customer_id from staging.refunds)
    group by customer_id, order_id
)

select * from open_orders
