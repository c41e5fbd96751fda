-- One row per key of a table of sums over a product's rows, as the statement of the table gives them.
select * exclude (must_recount)
from added_sums
where product_id not in (select recounted.product_id from added_sums as recounted where recounted.must_recount)
union all by name
select * from recounted_sums
