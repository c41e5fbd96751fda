-- One row per word of a status column: how many rows have it, and in how many of them the amount is negative.
with words as (
    select 'orders' as table_name, 'order_status' as field, trim(order_status) as word, total_amount as amount
    from staging.orders
    where order_status is not null
    union all
    select 'orders', 'payment_status', trim(payment_status), total_amount
    from staging.orders
    where payment_status is not null
    union all
    select 'order_items', 'order_status', trim(order_status), concat_ws(' ', line_total, quantity, unit_price)
    from staging.order_items
    where order_status is not null
    union all
    select 'order_items', 'payment_status', trim(payment_status), concat_ws(' ', line_total, quantity, unit_price)
    from staging.order_items
    where payment_status is not null
),

counted as (
    select
        table_name,
        field,
        word,
        count(*) as row_count,
        count_if(regexp_matches(cast(amount as varchar), '^[^0-9]*[-−(]|\d[-−]\s*$| -')) as negative_count
    from words
    where word <> ''
    group by table_name, field, word
)

select * from counted
order by table_name, field, row_count desc, word
limit 1000
