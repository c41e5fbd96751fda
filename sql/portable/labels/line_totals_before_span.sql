-- What the lines of a product say up to an earlier day: one row per product, with what recommendations read of
-- `product_line_totals` as of that day. Values: the span that ends with the day.
-- Reads the relation line_totals_by_span, which the caller computes before.
with parameters as (
    select cast(? as integer) as first_span
)

select
    line_totals_by_span.product_id,
    max(line_totals_by_span.product_category) as product_category,
    max(line_totals_by_span.highest_price) as highest_price
from line_totals_by_span
cross join parameters
where line_totals_by_span.span >= parameters.first_span
group by line_totals_by_span.product_id
