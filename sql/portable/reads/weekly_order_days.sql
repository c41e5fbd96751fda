-- How many days with orders known customers had in each week, by class of customer: one row per week and class that had
-- customers, by weeks_ago and customer_class.
-- Values: the as-of date, the most customers to look at (of more, every nth by id). Week w holds the seven days that end
-- 7 * (w - 1) days before the as-of date. A customer is known in a week if the first order came before it. Weeks begin
-- 90 days after the shop's first order, when customers of every class can be there.
-- The class is what the customer looked like when the week began: 14 * recency band + 2 * order days of the 13 weeks
-- before (at most 6) + 1 if all orders so far were of one day.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as most_customers
),

orders as (
    select * from raw.orders
),

digits as (
    select 0 as digit
    union all select 1
    union all select 2
    union all select 3
    union all select 4
    union all select 5
    union all select 6
    union all select 7
    union all select 8
    union all select 9
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
        max(age_days) as first_age_days,
        row_number() over (order by customer_id) as customer_position,
        count(*) over () as customer_count
    from order_days
    group by customer_id
),

chosen_customers as (
    select
        customers.customer_id,
        customers.first_age_days
    from customers
    cross join parameters
    where mod(
        customers.customer_position - 1,
        cast(ceil(customers.customer_count * 1.0 / parameters.most_customers) as integer)
    ) = 0
),

history as (
    select max(age_days) as history_days
    from order_days
),

weeks as (
    select 100 * hundreds.digit + 10 * tens.digit + ones.digit + 1 as weeks_ago
    from digits as ones
    cross join digits as tens
    cross join digits as hundreds
),

order_weeks as (
    -- One row per customer and week with orders.
    select
        order_days.customer_id,
        cast(floor(order_days.age_days / 7) as integer) + 1 as weeks_ago,
        count(*) as order_days,
        min(order_days.age_days) as last_age_days
    from order_days
    inner join chosen_customers
        on order_days.customer_id = chosen_customers.customer_id
    group by order_days.customer_id, cast(floor(order_days.age_days / 7) as integer) + 1
),

customer_weeks as (
    -- One row per customer and week from that of the first order on.
    select
        chosen_customers.customer_id,
        weeks.weeks_ago,
        coalesce(order_weeks.order_days, 0) as order_days,
        order_weeks.last_age_days
    from chosen_customers
    inner join weeks
        on 7 * (weeks.weeks_ago - 1) <= chosen_customers.first_age_days
    left join order_weeks
        on chosen_customers.customer_id = order_weeks.customer_id
        and weeks.weeks_ago = order_weeks.weeks_ago
),

customer_states as (
    select
        weeks_ago,
        order_days,
        min(last_age_days) over (
            partition by customer_id order by weeks_ago desc
            rows between unbounded preceding and 1 preceding
        ) - 7 * weeks_ago as recency_days,
        sum(order_days) over (
            partition by customer_id order by weeks_ago desc
            rows between 13 preceding and 1 preceding
        ) as recent_order_days,
        sum(order_days) over (
            partition by customer_id order by weeks_ago desc
            rows between unbounded preceding and 1 preceding
        ) as all_order_days
    from customer_weeks
),

classed_weeks as (
    select
        customer_states.weeks_ago,
        customer_states.order_days,
        14 * case
            when customer_states.recency_days < 7 then 0
            when customer_states.recency_days < 14 then 1
            when customer_states.recency_days < 30 then 2
            when customer_states.recency_days < 60 then 3
            when customer_states.recency_days < 90 then 4
            when customer_states.recency_days < 180 then 5
            else 6
        end
        + 2 * case when customer_states.recent_order_days < 6 then customer_states.recent_order_days else 6 end
        + case when customer_states.all_order_days = 1 then 1 else 0 end as customer_class
    from customer_states
    cross join history
    where
        customer_states.recency_days is not null
        and 7 * customer_states.weeks_ago <= history.history_days - 90
),

weekly_order_days as (
    select
        weeks_ago,
        cast(customer_class as integer) as customer_class,
        cast(count(*) as double) as customers,
        cast(sum(order_days) as double) as order_days
    from classed_weeks
    group by weeks_ago, customer_class
)

select * from weekly_order_days
order by weeks_ago, customer_class
