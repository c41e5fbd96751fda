-- One row per order of the previous snapshot that is not in the files: it stays. Earlier refunds are added back, and all
-- refunds known now are subtracted.
with kept as (
    select
        orders.order_id,
        cast(orders.customer_id as varchar) as customer_id,
        orders.order_date,
        orders.order_status,
        cast(
            orders.total_amount + coalesce(taken_before.amount, 0) - coalesce(refund_parts.amount, 0) as decimal(18, 4)
        ) as total_amount,
        orders.discount_percent,
        orders.shipping_cost
    from earlier.raw.orders
    left join earlier.raw.refund_parts as taken_before on taken_before.order_id = orders.order_id
    left join raw.refund_parts on refund_parts.order_id = orders.order_id
    where orders.order_id not in (select order_id from staging.corrected_orders)
)

select * from kept
