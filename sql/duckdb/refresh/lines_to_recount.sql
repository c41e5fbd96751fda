-- One row per order line of a product whose lowest or highest price may have gone: what its totals are made from. Every line of a
-- snapshot is of an order, on a day that counts, so all are of one.
select
    1 as order_id,
    product_id,
    product_name,
    product_category,
    unit_price
from whole.raw.order_items
where product_id in (select added_sums.product_id from added_sums where added_sums.must_recount)
