-- The orders that an offer brings: one row per contacted customer whom it keeps. Of contacted customers who would not order
-- on the days of the horizon, `kept_share` order once, for what they spend on average, in the first four fifths of it.
-- All others do what they would have done anyway.
-- Values: day of the contact, days of the horizon, share kept, ids of the contacted as a JSON list.
insert into raw.orders
with parameters as (
    select
        cast(? as date) as contacted_on,
        cast(? as integer) as horizon_days,
        cast(? as double) as kept_share
),

contacted as (
    select unnest(from_json(?, '["BIGINT"]')) as customer_id
),

histories as (
    select
        orders.customer_id,
        avg(orders.total_amount) filter (where orders.order_date < parameters.contacted_on + 1) as average_amount,
        count(*) filter (
            where cast(orders.order_date as date) > parameters.contacted_on
                and cast(orders.order_date as date) <= parameters.contacted_on + parameters.horizon_days
        ) as orders_in_horizon
    from raw.orders as orders
    cross join parameters
    group by orders.customer_id
),

drawn as (
    select
        contacted.customer_id,
        histories.average_amount,
        demo_random(truth.random_key, 40, 0) as keeping_draw,
        demo_random(truth.random_key, 40, 1) as day_draw
    from contacted
    inner join histories on histories.customer_id = contacted.customer_id
    inner join demo.truth as truth on truth.customer_id = contacted.customer_id
    where histories.orders_in_horizon = 0
)

select
    drawn.customer_id || '-offer' as order_id,
    drawn.customer_id,
    parameters.contacted_on
        + cast(1 + floor(drawn.day_draw * 0.8 * parameters.horizon_days) as integer)
        + interval 12 hour as order_date,
    'Completed' as order_status,
    cast(drawn.average_amount as decimal(18, 2)) as total_amount,
    cast(0 as decimal(5, 2)) as discount_percent,
    cast(0 as decimal(18, 4)) as shipping_cost
from drawn
cross join parameters
where drawn.keeping_draw < parameters.kept_share
order by drawn.customer_id
