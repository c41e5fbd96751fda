-- One row per usable order, if no id is on two rows: as sql/duckdb/import/final_orders.sql.
with usable as (
    select
        order_id,
        customer_id,
        order_date,
        order_status,
        greatest(total_amount, 0) as total_amount,
        discount_percent,
        shipping_cost
    from staging.checked_orders
    where reason is null
),

-- Refunds in separate rows are subtracted.
final as (
    select
        usable.* replace (
            cast(usable.total_amount - coalesce(refund_parts.amount, 0) as decimal(18, 4)) as total_amount
        )
    from usable
    left join raw.refund_parts on refund_parts.order_id = usable.order_id
)

select * from final
order by customer_id, order_date, order_id
