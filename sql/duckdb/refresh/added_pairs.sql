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
        coalesce(totals.total_orders, 0) + coalesce(now.total_orders, 0) - coalesce(before.total_orders, 0) as total_orders,
        case
            when coalesce(totals.total_quantity, now.total_quantity) is not null
                then
                    coalesce(totals.total_quantity, 0) + coalesce(now.total_quantity, 0)
                    - coalesce(before.total_quantity, 0)
        end as total_quantity,
        case
            when coalesce(totals.total_spent, now.total_spent) is not null
                then coalesce(totals.total_spent, 0) + coalesce(now.total_spent, 0) - coalesce(before.total_spent, 0)
        end as total_spent,
        least(totals.first_order_date, now.first_order_date) as first_order_date,
        greatest(totals.last_order_date, now.last_order_date) as last_order_date,
        coalesce(
            before.first_order_date <= totals.first_order_date
            and coalesce(now.first_order_date > totals.first_order_date, true), false
        )
        or coalesce(
            before.last_order_date >= totals.last_order_date
            and coalesce(now.last_order_date < totals.last_order_date, true), false
        )
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
