-- Trade of matched customers by month: one row per month with orders, by month; the latest ones.
-- Values: how many months at most. Reads the relation customers_matched, which the caller puts before it.
with parameters as (
    select cast(? as integer) as most_months
),

customer_months as (
    select * from interactive.customer_months
),

trade_by_month as (
    select
        customer_months.order_month,
        cast(count(*) as integer) as customers,
        cast(sum(case when customer_months.order_month = customer_months.first_order_month then 1 else 0 end) as integer)
            as new_customers,
        cast(sum(customer_months.total_orders) as integer) as orders,
        cast(sum(customer_months.total_spent) as double) as revenue
    from customer_months
    inner join customers_matched
        on customer_months.customer_id = customers_matched.customer_id
    group by customer_months.order_month
),

latest as (
    select trade_by_month.*
    from trade_by_month
    cross join parameters
    qualify row_number() over (order by trade_by_month.order_month desc) <= parameters.most_months
)

select
    cast(order_month as varchar) as order_month,
    customers,
    new_customers,
    orders,
    revenue
from latest
order by order_month
