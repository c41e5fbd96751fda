-- How long customers stay away between orders: one row per number of days, by gap_days.
-- Values: the as-of date. A gap is the number of days from a customer's day with orders to the next one; both on or
-- before that date.
with parameters as (
    select cast(? as date) as as_of_date
),

orders as (
    select * from raw.orders
),

order_days as (
    -- One row per customer and day with orders.
    select distinct
        orders.customer_id,
        cast(orders.order_date as date) as order_day
    from orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.as_of_date
),

gaps as (
    select
        datediff(
            'day',
            lag(order_day) over (partition by customer_id order by order_day),
            order_day
        ) as gap_days
    from order_days
),

order_gaps as (
    select
        gap_days,
        count(*) as gaps
    from gaps
    where gap_days is not null
    group by gap_days
)

select * from order_gaps
order by gap_days
