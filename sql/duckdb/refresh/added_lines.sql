-- One row per product, name and category: its totals, with the lines nearby as they are now in place of those before.
-- must_recount: a line went that may have had the lowest or the highest price. If all had the same, those that are left have it.
with keys as (
    select product_id, product_name, product_category from whole.interactive.product_line_totals
    union
    select product_id, product_name, product_category from sums_of_now
),

joined as (
    select
        keys.*,
        coalesce(totals.line_count, 0) + coalesce(now.line_count, 0) - coalesce(before.line_count, 0) as line_count,
        coalesce(totals.priced_lines, 0) + coalesce(now.priced_lines, 0) - coalesce(before.priced_lines, 0) as priced_lines,
        coalesce(totals.price_sum, 0) + coalesce(now.price_sum, 0) - coalesce(before.price_sum, 0) as price_sum,
        coalesce(totals.price_square_sum, 0) + coalesce(now.price_square_sum, 0) - coalesce(before.price_square_sum, 0)
            as price_square_sum,
        least(totals.lowest_price, now.lowest_price) as lowest_price,
        greatest(totals.highest_price, now.highest_price) as highest_price,
        (
            coalesce(before.lowest_price <= totals.lowest_price and coalesce(now.lowest_price > totals.lowest_price, true), false)
            or coalesce(
                before.highest_price >= totals.highest_price and coalesce(now.highest_price < totals.highest_price, true), false
            )
        )
        and (totals.lowest_price < totals.highest_price or totals.priced_lines = before.priced_lines) as must_recount
    from keys
    left join whole.interactive.product_line_totals as totals
        on totals.product_id = keys.product_id
        and totals.product_name is not distinct from keys.product_name
        and totals.product_category is not distinct from keys.product_category
    left join sums_before as before
        on before.product_id = keys.product_id
        and before.product_name is not distinct from keys.product_name
        and before.product_category is not distinct from keys.product_category
    left join sums_of_now as now
        on now.product_id = keys.product_id
        and now.product_name is not distinct from keys.product_name
        and now.product_category is not distinct from keys.product_category
)

-- The sum of no prices is NULL.
select
    * replace (
        case when priced_lines > 0 then price_sum end as price_sum,
        case when priced_lines > 0 then price_square_sum end as price_square_sum
    )
from joined
where line_count > 0
