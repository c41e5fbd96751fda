-- What the lines of a product say up to an earlier day, as `product_line_totals` has it as of that day: one row per product, name
-- and category. Values: the span that ends with the day.
-- Reads the relation line_totals_by_span, which the caller computes before.
with parameters as (
    select cast(? as integer) as first_span
)

select
    line_totals_by_span.product_id,
    line_totals_by_span.product_name,
    line_totals_by_span.product_category,
    cast(sum(line_totals_by_span.line_count) as bigint) as line_count,
    cast(sum(line_totals_by_span.priced_lines) as bigint) as priced_lines,
    sum(line_totals_by_span.price_sum) as price_sum,
    sum(line_totals_by_span.price_square_sum) as price_square_sum,
    min(line_totals_by_span.lowest_price) as lowest_price,
    max(line_totals_by_span.highest_price) as highest_price
from line_totals_by_span
cross join parameters
where line_totals_by_span.span >= parameters.first_span
group by
    line_totals_by_span.product_id,
    line_totals_by_span.product_name,
    line_totals_by_span.product_category
