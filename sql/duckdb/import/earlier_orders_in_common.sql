-- One row: how many orders there were before, and how many of them the files hold with the same customer.
with earlier_orders as (
    select
        order_id,
        cast(customer_id as varchar) as customer_id
    from earlier.raw.orders
),

checked as (
    select distinct order_id, customer_id
    from staging.checked_orders
    where reason is null
),

counts as (
    select
        (select count(*) from earlier_orders) as orders_before,
        (select count(*) from earlier_orders inner join checked using (order_id, customer_id)) as orders_in_common
)

select * from counts
