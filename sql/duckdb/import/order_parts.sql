-- One row: orders that count, those on several rows, and those of them whose rows all have different amounts.
with orders as (
    select
        order_id,
        count(*) as row_count,
        count(distinct total_amount) as amounts
    from staging.checked_orders
    where reason is null
    group by order_id
),

order_parts as (
    select
        count(*) as orders,
        count_if(row_count > 1) as repeated,
        count_if(row_count > 1 and amounts = row_count) as of_parts
    from orders
)

select * from order_parts
