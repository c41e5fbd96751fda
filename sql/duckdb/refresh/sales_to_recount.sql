-- One row per customer and product whose first or last order may have gone from the product's.
select *
from whole.interactive.purchased_pairs
where product_id in (select added_sums.product_id from added_sums where added_sums.must_recount)
