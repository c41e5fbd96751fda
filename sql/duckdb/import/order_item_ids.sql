-- One row: whether every usable order line has an id that no other line of its order has. A repeated hash counts as a
-- repeated id, which only costs time.
with keyed as (
    select
        case when order_item_id is not null then hash(order_id, order_item_id) end as key
    from staging.checked_order_items
    where reason is null
),

repeated as (
    select key
    from keyed
    group by key
    having key is null or count(*) > 1
    limit 1
)

select count(*) = 0 as all_distinct from repeated
