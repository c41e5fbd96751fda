-- One row per order line of a product whose lowest or highest price may have gone.
select *
from whole.raw.order_items
where product_id in (select added_sums.product_id from added_sums where added_sums.must_recount)
