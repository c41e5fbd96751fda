-- One row per line of the pairs to count anew, and of a few others.
select *
from nearby_lines
where
    order_id in (select orders_to_recount.order_id from orders_to_recount)
    and product_id in (select added_pairs.product_id from added_pairs where added_pairs.must_recount)
