-- One row per usable order, where no id stands on two rows: as sql/duckdb/import/final_orders.sql.
with usable as (
    select
        order_id,
        customer_id,
        order_date,
        order_status,
        total_amount,
        discount_percent,
        shipping_cost
    from staging.checked_orders
    where reason is null
)

select * from usable
order by customer_id, order_date, order_id
