-- One row per customer with an order up to the last day, by customer_id: orders up to the day a campaign was planned on, and
-- orders and what they came to after its contacts went out.
-- Values: the day planned on, the day of the contacts, the last day that counts.
-- Amounts are summed as decimals: sums of doubles would depend on the order in which threads add them up.
with parameters as (
    select
        cast(? as date) as planned_on,
        cast(? as date) as contacted_on,
        cast(? as date) as last_day
),

orders as (
    select
        customer_id,
        cast(order_date as date) as order_day,
        cast(coalesce(total_amount, 0) as decimal(38, 4)) as amount
    from raw.orders
),

sums as (
    select
        orders.customer_id,
        cast(sum(case when orders.order_day <= parameters.planned_on then 1 else 0 end) as double) as orders_before,
        cast(sum(case when orders.order_day > parameters.contacted_on then 1 else 0 end) as double) as orders_since,
        cast(sum(case when orders.order_day > parameters.contacted_on then orders.amount else 0 end) as double)
            as spent_since
    from orders
    cross join parameters
    where orders.order_day <= parameters.last_day
    group by orders.customer_id
)

select * from sums
order by customer_id
