-- One row per line of the pairs to count anew, and of a few others: a pair of which an order may have gone is of a customer whose
-- other lines are known.
with lines as (
    select order_id, product_id, quantity, line_total
    from earlier.lines_beside_renewed
    union all
    select order_id, product_id, quantity, line_total
    from next.raw.order_items
)

select *
from lines
where
    order_id in (select orders_to_recount.order_id from orders_to_recount)
    and product_id in (select added_pairs.product_id from added_pairs where added_pairs.must_recount)
