-- One row per order that stays from the previous snapshot, of customers with refunds: as
-- sql/duckdb/import/open_orders.sql.
with kept as (
    select
        cast(orders.customer_id as varchar) as customer_id,
        orders.order_id,
        orders.order_date,
        orders.total_amount + coalesce(taken_before.amount, 0) as amount
    from earlier.raw.orders
    left join earlier.raw.refund_parts as taken_before on taken_before.order_id = orders.order_id
    where
        orders.order_id not in (select order_id from staging.corrected_orders)
        and cast(orders.customer_id as varchar) in (select customer_id from staging.refunds)
)

select * from kept
