-- One row per order of the customers who have a pair to count anew.
select
    order_id,
    customer_id,
    order_date
from next.raw.orders
where customer_id in (select added_pairs.customer_id from added_pairs where added_pairs.must_recount)
