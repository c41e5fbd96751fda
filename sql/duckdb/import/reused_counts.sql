-- One row: how many order ids are used again, and one of them with the id that its second use got.
with reused as (
    select *
    from staging.order_uses
    where new_order_id <> order_id
)

select
    count(distinct order_id) as reused_ids,
    min(order_id) as example,
    arg_min(new_order_id, (order_id, first_date)) as new_example
from reused
