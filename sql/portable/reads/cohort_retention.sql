-- Retention of matched customers: one row per month of the first order and month since, by both; the latest cohorts.
-- Values: how many cohorts at most. Reads the relation customers_matched, which the caller puts before it.
-- Month 0 is the month of the first order: its customers are the size of the cohort.
with parameters as (
    select cast(? as integer) as most_cohorts
),

customer_months as (
    select * from interactive.customer_months
),

cohort_retention as (
    select
        customer_months.first_order_month,
        datediff('month', customer_months.first_order_month, customer_months.order_month) as months_since,
        cast(count(*) as integer) as customers,
        cast(sum(customer_months.total_orders) as integer) as orders,
        cast(sum(customer_months.total_spent) as double) as revenue
    from customer_months
    inner join customers_matched
        on customer_months.customer_id = customers_matched.customer_id
    group by
        customer_months.first_order_month,
        datediff('month', customer_months.first_order_month, customer_months.order_month)
),

latest as (
    select cohort_retention.*
    from cohort_retention
    cross join parameters
    qualify dense_rank() over (order by cohort_retention.first_order_month desc) <= parameters.most_cohorts
)

select
    cast(first_order_month as varchar) as first_order_month,
    cast(months_since as integer) as months_since,
    customers,
    orders,
    revenue
from latest
order by first_order_month, months_since
