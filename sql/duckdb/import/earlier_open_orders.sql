-- One row per order that stays from the previous snapshot, of customers with refunds: as
-- sql/duckdb/import/open_orders.sql.
with kept as (
    select
        staying.customer_id,
        staying.order_id,
        staying.order_date,
        orders.total_amount + coalesce(taken_before.amount, 0) as amount
    from staging.staying_orders as staying
    inner join earlier.raw.orders on orders.order_id = staying.earlier_id
    left join earlier.raw.refund_parts as taken_before on taken_before.order_id = staying.earlier_id
    where staying.customer_id in (select customer_id from staging.refunds)
)

select * from kept
