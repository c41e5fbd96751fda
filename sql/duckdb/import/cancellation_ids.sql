-- One row: how many staged order ids are plain numbers, and how many are a C and a number.
with order_ids as (
    select order_id from staging.orders
    union all
    select order_id from staging.order_items
),

id_counts as (
    select
        count_if(regexp_full_match(order_id, '\d+')) as plain_ids,
        count_if(regexp_full_match(order_id, '[Cc]\d+')) as c_ids
    from order_ids
)

select * from id_counts
