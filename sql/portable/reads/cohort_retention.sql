-- Retention of groups of customers: one row per group, month of the first order and month since, by size of the group, name and
-- both; the largest groups and the latest months of first orders.
-- Values: how many groups and how many months at most. Reads the relation customer_groups, which the caller puts before it;
-- customers without a group are left out. Month 0 is the month of the first order: its customers are the size of the cohort.
with parameters as (
    select
        cast(? as integer) as most_groups,
        cast(? as integer) as most_cohorts
),

customer_months as (
    select * from interactive.customer_months
),

group_sizes as (
    select
        customer_groups.group_name,
        count(*) as group_size
    from customer_groups
    where customer_groups.group_name is not null
    group by customer_groups.group_name
),

largest as (
    select group_sizes.*
    from group_sizes
    cross join parameters
    qualify
        row_number() over (order by group_sizes.group_size desc, group_sizes.group_name)
        <= parameters.most_groups
),

cohort_retention as (
    select
        largest.group_name,
        largest.group_size,
        customer_months.first_order_month,
        datediff('month', customer_months.first_order_month, customer_months.order_month) as months_since,
        cast(count(*) as integer) as customers,
        cast(sum(customer_months.total_orders) as integer) as orders,
        cast(sum(customer_months.total_spent) as double) as revenue
    from customer_months
    inner join customer_groups
        on customer_months.customer_id = customer_groups.customer_id
    inner join largest
        on customer_groups.group_name = largest.group_name
    group by
        largest.group_name,
        largest.group_size,
        customer_months.first_order_month,
        datediff('month', customer_months.first_order_month, customer_months.order_month)
),

latest as (
    select cohort_retention.*
    from cohort_retention
    cross join parameters
    qualify
        dense_rank() over (order by cohort_retention.first_order_month desc) <= parameters.most_cohorts
)

select
    group_name,
    cast(first_order_month as varchar) as first_order_month,
    cast(months_since as integer) as months_since,
    customers,
    orders,
    revenue
from latest
order by group_size desc, group_name, first_order_month, months_since
