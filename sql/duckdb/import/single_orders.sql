-- One row: orders that count, their customers, and the most orders of one customer, those of the next customer, and the first one's id.
-- The variable order_ids_are_distinct says that no order id is on two rows: then rows are counted.
with orders as (
    select
        customer_id,
        case when getvariable('order_ids_are_distinct') then count(*) else count(distinct order_id) end as order_count
    from staging.checked_orders
    where reason is null
    group by customer_id
),

counts as (
    select
        coalesce(sum(order_count), 0) as orders,
        count(*) as customers,
        max(order_count) as most_orders,
        max_by(customer_id, (order_count, customer_id)) as most_frequent_customer,
        coalesce(list_reverse_sort(max(order_count, 2))[2], 0) as second_most_orders
    from orders
)

select * from counts
