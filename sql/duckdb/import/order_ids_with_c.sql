-- One row: whether any staged order id has the letter C somewhere.
with order_ids as (
    select order_id from staging.orders
    union all
    select order_id from staging.order_items
),

ids_with_c as (
    select order_id
    from order_ids
    where contains(order_id, 'C') or contains(order_id, 'c')
    limit 1
)

select count(*) > 0 as any_with_c from ids_with_c
