-- The days with orders of every nth customer: one row per customer and day, by customer_position and age_days, oldest first.
-- Values: the as-of date, the most customers to look at (of more, every nth by id). Ages are days before the as-of date;
-- history_days is the age of the shop's first order.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as most_customers
),

orders as (
    select * from raw.orders
),

order_days as (
    -- One row per customer and day with orders.
    select
        orders.customer_id,
        datediff('day', cast(orders.order_date as date), parameters.as_of_date) as age_days
    from orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.as_of_date
    group by orders.customer_id, datediff('day', cast(orders.order_date as date), parameters.as_of_date)
),

customers as (
    select
        customer_id,
        row_number() over (order by customer_id) as customer_position,
        count(*) over () as customer_count,
        max(max(age_days)) over () as history_days
    from order_days
    group by customer_id
),

sampled_customers as (
    select
        customers.customer_id,
        customers.customer_position,
        customers.history_days
    from customers
    cross join parameters
    where mod(
        customers.customer_position - 1,
        cast(ceil(customers.customer_count * 1.0 / parameters.most_customers) as integer)
    ) = 0
),

sampled_order_days as (
    select
        cast(sampled_customers.customer_position as integer) as customer_position,
        cast(order_days.age_days as integer) as age_days,
        cast(sampled_customers.history_days as integer) as history_days
    from order_days
    inner join sampled_customers
        on order_days.customer_id = sampled_customers.customer_id
)

select * from sampled_order_days
order by customer_position, age_days desc
