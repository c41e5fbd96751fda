-- One row per refund, subtracted or without a known order.
with final as (
    select
        order_id,
        customer_id,
        order_date,
        amount,
        wanted_order_id
    from staging.refunds
)

select * from final
order by customer_id, order_date, order_id, amount
