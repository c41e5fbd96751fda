-- One row per usable order. What was given back by rows of their own is taken off.
with final as (
    select
        usable.* replace (
            cast(usable.total_amount - coalesce(refund_parts.amount, 0) as decimal(18, 4)) as total_amount
        )
    from staging.usable_orders as usable
    left join raw.refund_parts on refund_parts.order_id = usable.order_id
)

select * from final
order by customer_id, order_date, order_id
