-- One row per campaign: what its customers have ordered from the day after the contacts to its last day, in both groups. Orders
-- count as in sql/portable/reads/campaign_outcomes.sql; customers whose orders are gone from the data are left out. Profit and
-- interval are the last ones that churn-mcp measured: they need its statistics.
create or replace view models.campaign_results
comment = 'churn-mcp: what the customers of each campaign ordered'
as
with orders as (
    select
        cast(customer_id as varchar) as customer_id,
        cast(order_date as date) as order_day,
        cast(coalesce(total_amount, 0) as decimal(38, 4)) as amount
    from raw.orders
),

last_orders as (
    select max(order_day) as last_order_day from orders
),

courses as (
    select
        campaigns.*,
        least(campaigns.last_day, last_orders.last_order_day) as through,
        last_orders.last_order_day >= campaigns.last_day as is_final
    from models.campaigns as campaigns
    cross join last_orders
),

outcomes as (
    select
        courses.campaign_id,
        campaign_customers.is_held_out,
        campaign_customers.customer_id,
        sum(case when orders.order_day > courses.contact_date then 1 else 0 end) as orders_since,
        sum(case when orders.order_day > courses.contact_date then orders.amount else 0 end) as spent_since
    from courses
    inner join models.campaign_customers as campaign_customers
        on campaign_customers.campaign_id = courses.campaign_id
    inner join orders
        on orders.customer_id = campaign_customers.customer_id
        and orders.order_day <= courses.through
    group by courses.campaign_id, campaign_customers.is_held_out, campaign_customers.customer_id
),

totals as (
    select
        campaign_id,
        sum(case when is_held_out then 0 else 1 end) as contacted,
        sum(case when is_held_out then 1 else 0 end) as held_out,
        sum(case when not is_held_out and orders_since > 0 then 1 else 0 end) as contacted_who_ordered,
        sum(case when is_held_out and orders_since > 0 then 1 else 0 end) as held_out_who_ordered,
        sum(case when is_held_out then 0 else orders_since end) as contacted_orders,
        sum(case when is_held_out then orders_since else 0 end) as held_out_orders,
        sum(case when is_held_out then 0 else spent_since end) as contacted_spent,
        sum(case when is_held_out then spent_since else 0 end) as held_out_spent
    from outcomes
    group by campaign_id
),

measured as (
    select *
    from models.campaign_measurements
    qualify row_number() over (partition by campaign_id order by through desc) = 1
)

select
    courses.campaign_id,
    courses.name,
    courses.contact_date,
    courses.last_day,
    courses.through,
    courses.is_final,
    totals.contacted,
    totals.held_out,
    totals.contacted_who_ordered,
    totals.held_out_who_ordered,
    totals.contacted_orders,
    totals.held_out_orders,
    cast(totals.contacted_spent as double) as contacted_spent,
    cast(totals.held_out_spent as double) as held_out_spent,
    courses.contact_cost * totals.contacted + courses.offer_cost * totals.contacted_who_ordered as costs,
    courses.currency,
    measured.through as measured_through,
    measured.verdict,
    measured.profit,
    measured.profit_low,
    measured.profit_high
from courses
left join totals on totals.campaign_id = courses.campaign_id
left join measured on measured.campaign_id = courses.campaign_id
