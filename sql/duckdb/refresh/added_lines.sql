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
        changed_sum(totals.line_count, now.line_count, before.line_count) as line_count,
        changed_sum(totals.priced_lines, now.priced_lines, before.priced_lines) as priced_lines,
        changed_sum(totals.price_sum, now.price_sum, before.price_sum) as price_sum,
        changed_sum(totals.price_square_sum, now.price_square_sum, before.price_square_sum) as price_square_sum,
        least(totals.lowest_price, now.lowest_price) as lowest_price,
        greatest(totals.highest_price, now.highest_price) as highest_price,
        (
            lost_lowest(totals.lowest_price, now.lowest_price, before.lowest_price)
            or lost_highest(totals.highest_price, now.highest_price, before.highest_price)
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
