-- How long matched customers stay active after the last order of a month: one row per month with orders, month of the
-- next order, month in which they lapse and whether they were active when the month began.
-- Values: the as-of date; the days without an order after which a customer has lapsed; the first day of the first month
-- to look at. Reads the relation customers_matched, which the caller puts before it.
-- Months count backwards from that of the as-of date, which is 0. next_months_ago is null if no order followed,
-- lapse_months_ago if the customer had not lapsed by the as-of date. was_active is null in the month of the first order.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as horizon_days,
        cast(? as date) as first_day
),

customer_months as (
    select * from interactive.customer_months
),

spells as (
    select
        customer_months.customer_id,
        customer_months.first_order_month,
        customer_months.order_month,
        customer_months.last_order_date,
        lead(customer_months.order_month) over (
            partition by customer_months.customer_id order by customer_months.order_month
        ) as next_order_month,
        lag(customer_months.last_order_date) over (
            partition by customer_months.customer_id order by customer_months.order_month
        ) as order_date_before
    from customer_months
    cross join parameters
    where customer_months.order_month >= parameters.first_day
),

months_of_spells as (
    select
        datediff('month', spells.order_month, parameters.as_of_date) as months_ago,
        datediff('month', spells.next_order_month, parameters.as_of_date) as next_months_ago,
        case
            when datediff('day', spells.last_order_date, parameters.as_of_date) >= parameters.horizon_days
                then datediff('month', spells.last_order_date + parameters.horizon_days, parameters.as_of_date)
        end as lapse_months_ago,
        case
            when spells.order_month = spells.first_order_month then null
            when datediff('day', spells.order_date_before, spells.order_month) <= parameters.horizon_days then 1
            else 0
        end as was_active
    from spells
    inner join customers_matched
        on spells.customer_id = customers_matched.customer_id
    cross join parameters
),

churn_by_month as (
    select
        months_ago,
        next_months_ago,
        lapse_months_ago,
        was_active,
        count(*) as customers
    from months_of_spells
    group by months_ago, next_months_ago, lapse_months_ago, was_active
)

select
    cast(months_ago as integer) as months_ago,
    cast(next_months_ago as integer) as next_months_ago,
    cast(lapse_months_ago as integer) as lapse_months_ago,
    cast(was_active as integer) as was_active,
    cast(customers as integer) as customers
from churn_by_month
order by months_ago, next_months_ago, lapse_months_ago, was_active
