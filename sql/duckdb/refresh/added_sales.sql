-- One row per product: its sales, with the pairs nearby as they are now in place of those before.
-- must_recount: a pair went that may have had the first or the last order.
with keys as (
    select product_id from whole.interactive.product_sales
    union
    select product_id from sums_of_now
),

joined as (
    select
        keys.product_id,
        coalesce(totals.buyers, 0) + coalesce(now.buyers, 0) - coalesce(before.buyers, 0) as buyers,
        coalesce(totals.total_orders, 0) + coalesce(now.total_orders, 0) - coalesce(before.total_orders, 0) as total_orders,
        coalesce(totals.repeat_buyers, 0) + coalesce(now.repeat_buyers, 0) - coalesce(before.repeat_buyers, 0) as repeat_buyers,
        coalesce(totals.buyers_7, 0) + coalesce(now.buyers_7, 0) - coalesce(before.buyers_7, 0) as buyers_7,
        coalesce(totals.buyers_30, 0) + coalesce(now.buyers_30, 0) - coalesce(before.buyers_30, 0) as buyers_30,
        coalesce(totals.buyers_90, 0) + coalesce(now.buyers_90, 0) - coalesce(before.buyers_90, 0) as buyers_90,
        coalesce(totals.new_buyers_30, 0) + coalesce(now.new_buyers_30, 0) - coalesce(before.new_buyers_30, 0) as new_buyers_30,
        coalesce(totals.total_quantity, 0) + coalesce(now.total_quantity, 0) - coalesce(before.total_quantity, 0)
            as total_quantity,
        coalesce(totals.total_spent, 0) + coalesce(now.total_spent, 0) - coalesce(before.total_spent, 0) as total_spent,
        least(totals.first_order_date, now.first_order_date) as first_order_date,
        greatest(totals.last_order_date, now.last_order_date) as last_order_date,
        coalesce(
            before.first_order_date <= totals.first_order_date
            and coalesce(now.first_order_date > totals.first_order_date, true), false
        )
        or coalesce(
            before.last_order_date >= totals.last_order_date
            and coalesce(now.last_order_date < totals.last_order_date, true), false
        ) as must_recount
    from keys
    left join whole.interactive.product_sales as totals on totals.product_id = keys.product_id
    left join sums_before as before on before.product_id = keys.product_id
    left join sums_of_now as now on now.product_id = keys.product_id
)

select * from joined
where buyers > 0
