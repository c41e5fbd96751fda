-- One row per usable order. Repeated rows of one order say the same, so any of them will do.
with usable as (
    select
        order_id,
        min(customer_id) as customer_id,
        min(order_date) as order_date,
        min(order_status) as order_status,
        greatest(min(total_amount), 0) as total_amount,
        min(discount_percent) as discount_percent,
        min(shipping_cost) as shipping_cost
    from staging.checked_orders
    where reason is null
    group by order_id
),

-- What was given back by rows of their own is taken off.
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
