-- One row per usable row of an order id whose rows name several customers or lie more than 30 days apart.
with reused as (
    select order_id
    from staging.checked_orders
    where reason is null
    group by order_id
    having count(distinct customer_id) > 1 or not is_near(max(order_date), min(order_date))
),

reused_rows as (
    select
        row_number,
        order_id,
        customer_id,
        order_date,
        total_amount as amount
    from staging.checked_orders
    where reason is null and order_id in (select reused.order_id from reused)
)

select * from reused_rows
