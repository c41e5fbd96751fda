-- One row per order with such lines. Every line of a snapshot is of an order, on a day that counts.
select distinct
    order_id,
    timestamp '1970-01-01' as order_date
from lines_to_recount
