-- One row per product, name and category, as sql/portable/tables/product_line_totals.sql gives them.
select * exclude (must_recount)
from added_lines
where product_id not in (select recounted.product_id from added_lines as recounted where recounted.must_recount)
union all by name
select * from recounted_lines
