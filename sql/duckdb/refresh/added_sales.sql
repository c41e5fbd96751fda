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
        changed_sum(totals.buyers, now.buyers, before.buyers) as buyers,
        changed_sum(totals.total_orders, now.total_orders, before.total_orders) as total_orders,
        changed_sum(totals.repeat_buyers, now.repeat_buyers, before.repeat_buyers) as repeat_buyers,
        changed_sum(totals.buyers_7, now.buyers_7, before.buyers_7) as buyers_7,
        changed_sum(totals.buyers_30, now.buyers_30, before.buyers_30) as buyers_30,
        changed_sum(totals.buyers_90, now.buyers_90, before.buyers_90) as buyers_90,
        changed_sum(totals.new_buyers_30, now.new_buyers_30, before.new_buyers_30) as new_buyers_30,
        changed_sum(totals.total_quantity, now.total_quantity, before.total_quantity) as total_quantity,
        changed_sum(totals.total_spent, now.total_spent, before.total_spent) as total_spent,
        least(totals.first_order_date, now.first_order_date) as first_order_date,
        greatest(totals.last_order_date, now.last_order_date) as last_order_date,
        lost_lowest(totals.first_order_date, now.first_order_date, before.first_order_date)
        or lost_highest(totals.last_order_date, now.last_order_date, before.last_order_date) as must_recount
    from keys
    left join whole.interactive.product_sales as totals on totals.product_id = keys.product_id
    left join sums_before as before on before.product_id = keys.product_id
    left join sums_of_now as now on now.product_id = keys.product_id
)

select * from joined
where buyers > 0
