-- One row per order of the previous snapshot that stays. Earlier refunds are added back, and all refunds known now are
-- subtracted.
with kept as (
    select
        staying.order_id,
        staying.customer_id,
        orders.order_date,
        orders.order_status,
        cast(
            orders.total_amount + coalesce(taken_before.amount, 0) - coalesce(refund_parts.amount, 0) as decimal(18, 4)
        ) as total_amount,
        orders.discount_percent,
        orders.shipping_cost
    from staging.staying_orders as staying
    inner join earlier.raw.orders on orders.order_id = staying.earlier_id
    left join earlier.raw.refund_parts as taken_before on taken_before.order_id = staying.earlier_id
    left join raw.refund_parts on refund_parts.order_id = staying.order_id
)

select * from kept
