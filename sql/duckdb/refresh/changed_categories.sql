-- One row: how many products have another category than before.
select count(*)
from categories_before as before
inner join whole.interactive.product_statistics as now on now.product_id = before.product_id
where now.product_category is distinct from before.product_category
