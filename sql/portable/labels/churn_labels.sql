-- Whether customers came back: one row per customer with an order on or before the cutoff, by customer_id.
-- Values: the cutoff date, the horizon in days. Churned = no order on the days (cutoff, cutoff + horizon]; spent is the
-- sum of order totals on those days, added up as decimals.
with parameters as (
    select
        cast(? as date) as cutoff_date,
        cast(? as integer) as horizon_days
),

orders as (
    select * from raw.orders
),

order_ages as (
    -- Negative if the order came after the cutoff.
    select
        orders.customer_id,
        datediff('day', cast(orders.order_date as date), parameters.cutoff_date) as age_days,
        cast(orders.total_amount as decimal(38, 4)) as total_amount
    from orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.cutoff_date + parameters.horizon_days
),

churn_labels as (
    select
        customer_id,
        case when min(age_days) < 0 then 0 else 1 end as is_churned,
        cast(coalesce(sum(case when age_days < 0 then total_amount end), 0) as double) as spent_in_horizon
    from order_ages
    group by customer_id
    having max(age_days) >= 0
)

select * from churn_labels
order by customer_id
