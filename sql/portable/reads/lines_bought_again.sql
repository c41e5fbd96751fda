-- Order lines of products that a customer bought up to a day and again after it: one row per line, as in raw.order_items, lines
-- of any day. What a purchased pair was on the day can differ from what it is today for these alone.
-- Values: the as-of date. Reads interactive.purchased_pairs as of today.
with parameters as (
    select cast(? as date) as as_of_date
),

open_pairs as (
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id
    from interactive.purchased_pairs as purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
        and cast(purchased_pairs.last_order_date as date) > parameters.as_of_date
),

orders as (
    select
        order_id,
        customer_id
    from raw.orders
    where customer_id in (select customer_id from open_pairs)
),

order_items as (
    select * from raw.order_items
)

select order_items.*
from order_items
inner join orders
    on order_items.order_id = orders.order_id
inner join open_pairs
    on orders.customer_id = open_pairs.customer_id
    and order_items.product_id = open_pairs.product_id
