-- The orders of some customers, before they have lines; one row per order. Gaps between orders are exponential in
-- operational time, cumulated in whole seconds, and end when the customer has left or the history does. `budget`
-- bounds how many gaps are drawn: six standard deviations more than a customer who never leaves would need.
-- Operational time becomes clock time by the season's table, which ends what lies after the last day; within a day,
-- orders come between 7 and 23 o'clock.
create or replace temp table demo_purchases as
with parameters as (
    select cast(? as integer) as first_customer, cast(? as integer) as last_customer
),

history as (
    select max(operational_start + operational_seconds) as operational_end
    from demo.season
),

customers as (
    select
        truth.*,
        population.* exclude (customer_segment),
        history.operational_end,
        season.operational_start + cast(floor(
            season.operational_seconds * demo_random(truth.random_key, 8, 0)
        ) as bigint) as operational_first
    from parameters
    cross join history
    inner join demo.truth as truth
        on truth.customer_number between parameters.first_customer and parameters.last_customer
    inner join demo.population as population on population.customer_segment = truth.customer_segment
    inner join demo.season as season on season.day = truth.first_order_date
),

budgets as (
    select
        *,
        purchase_rate * (operational_end - operational_first) / 86400 as expected_orders
    from customers
),

gaps as (
    select
        random_key,
        customer_number,
        operational_first,
        purchase_rate,
        unnest(range(1, 1 + least(
            lifetime_orders, cast(ceil(expected_orders + 6 * sqrt(expected_orders) + 12) as bigint)
        ))) as order_number
    from budgets
),

draws as (
    select
        *,
        demo_random(random_key, 9, order_number) as wait_draw
    from gaps
),

waits as (
    select
        customer_number,
        order_number,
        case
            when order_number = 1 then operational_first
            else cast(least(4e9, ceil(-ln(wait_draw) * 86400 / purchase_rate)) as bigint)
        end as wait
    from draws
),

times as (
    select
        customer_number,
        order_number,
        cast(sum(wait) over (partition by customer_number order by order_number) as bigint) as operational_time
    from waits
),

-- Half days of operational time, each with the one or two days that it touches: an equality to join by.
half_days as (
    select
        *,
        unnest(range(
            operational_start // 43200, (operational_start + operational_seconds - 1) // 43200 + 1
        )) as half_day
    from demo.season
),

orders as (
    select
        budgets.*,
        times.order_number,
        half_days.is_high_season,
        half_days.day + interval 7 hour + to_seconds(cast(floor(
            57600.0 * (times.operational_time - half_days.operational_start) / half_days.operational_seconds
        ) as bigint)) as order_date,
        demo_random(budgets.random_key, 10, times.order_number) as total_draw,
        demo_random(budgets.random_key, 11, times.order_number) as lines_draw
    from times
    inner join half_days
        on half_days.half_day = times.operational_time // 43200
        and times.operational_time >= half_days.operational_start
        and times.operational_time < half_days.operational_start + half_days.operational_seconds
    inner join budgets on budgets.customer_number = times.customer_number
)

select
    random_key,
    customer_number,
    customer_id,
    lifetime_orders,
    order_number,
    customer_id || '-' || order_number as order_id,
    order_date,
    is_high_season,
    case when order_number = 1 then 'first' when order_number <= 3 then 'second' else 'later' end as stage,
    style,
    favourite_slot_1,
    favourite_slot_2,
    fewest_lines + cast(floor(lines_draw * (most_lines - fewest_lines + 1)) as integer) as line_count,
    100 * (lowest_total + 1) * pow((highest_total - 1) / (lowest_total + 1), total_draw) as intended_cents
from orders
