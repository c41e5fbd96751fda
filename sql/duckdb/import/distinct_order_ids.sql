-- One row: whether no order id stands on two rows of the checked orders, usable or not. A repeated hash counts as a
-- repeated id, which only costs time.
with repeated as (
    select hash(order_id) as key
    from staging.checked_orders
    where order_id is not null
    group by key
    having count(*) > 1
    limit 1
)

select count(*) = 0 as all_distinct from repeated
