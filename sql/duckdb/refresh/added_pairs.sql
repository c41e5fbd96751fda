-- One row per nearby customer and product that an order with lines of the small shop has, now or before: the pair's totals, with
-- those orders as they are now in place of those before. must_recount: an order went that may have been the first or the last, or
-- the only one with a quantity or an amount.
with keys as (
    select customer_id, product_id from pairs_before
    union
    select customer_id, product_id from pairs_of_now
),

joined as (
    select
        keys.customer_id,
        keys.product_id,
        changed_sum(totals.total_orders, now.total_orders, before.total_orders) as total_orders,
        case
            when coalesce(totals.total_quantity, now.total_quantity) is not null
                then changed_sum(totals.total_quantity, now.total_quantity, before.total_quantity)
        end as total_quantity,
        case
            when coalesce(totals.total_spent, now.total_spent) is not null
                then changed_sum(totals.total_spent, now.total_spent, before.total_spent)
        end as total_spent,
        least(totals.first_order_date, now.first_order_date) as first_order_date,
        greatest(totals.last_order_date, now.last_order_date) as last_order_date,
        lost_lowest(totals.first_order_date, now.first_order_date, before.first_order_date)
        or lost_highest(totals.last_order_date, now.last_order_date, before.last_order_date)
        or (before.total_quantity is not null and now.total_quantity is null)
        or (before.total_spent is not null and now.total_spent is null) as must_recount
    from keys
    left join earlier.interactive.purchased_pairs as totals
        on totals.customer_id = keys.customer_id and totals.product_id = keys.product_id
    left join pairs_before as before
        on before.customer_id = keys.customer_id and before.product_id = keys.product_id
    left join pairs_of_now as now
        on now.customer_id = keys.customer_id and now.product_id = keys.product_id
)

select * from joined
where total_orders > 0
