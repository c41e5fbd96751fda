-- One row per order line of a product whose lowest or highest price may have gone.
select *
from whole.raw.order_items
where product_id in (select added_lines.product_id from added_lines where added_lines.must_recount)
