-- The true rates of each customer, which cannot be observed; one row per customer. Training and serving must not
-- read them: they show how well any model could do.
--   purchase_rate        orders per operational day while the customer is alive, gamma distributed: a sum of k
--                        exponentials is a gamma variate of shape k
--   dropout_probability  chance to leave for good after each order, the first included; beta distributed, drawn by
--                        Joehnk's method: of pairs (u^(1/a), v^(1/b)), the first whose sum is at most 1
--   lifetime_orders      orders until the customer leaves: geometric
--   first_order_date     most join in the launch, the first part of the history; the rest evenly after it
--   dropped_out_at       time of the last order of a customer who has left by the end; null if still alive
-- The last columns (`style`, `favourite_slot_*`) are tastes.
create table demo.truth as
with parameters as (
    select
        demo_mix(cast(? as ubigint)) as seed,
        cast(? as integer) as customers,
        cast(? as date) as as_of_date,
        cast(? as integer) as history_days,
        cast(? as integer) as launch_days,
        cast(? as double) as launch_share
),

-- Draws are separate steps, so that the engine computes each once and not at every use.
keys as (
    select
        parameters.*,
        cast(numbers.number as integer) as customer_number,
        demo_mix(xor(demo_mix(cast(numbers.number as ubigint)), parameters.seed)) as random_key
    from parameters
    cross join lateral (select unnest(range(1, parameters.customers + 1)) as number) as numbers
),

customers as (
    select
        *,
        demo_random(random_key, 1, 0) as segment_draw,
        demo_random(random_key, 4, 0) as launch_draw,
        demo_random(random_key, 4, 1) as joining_draw,
        demo_random(random_key, 5, 0) as lifetime_draw,
        demo_random(random_key, 6, 0) as style_draw,
        demo_random(random_key, 7, 0) as favourite_draw_1,
        demo_random(random_key, 7, 1) as favourite_draw_2
    from keys
),

members as (
    select
        customers.*,
        population.* exclude (share_from, share_to)
    from customers
    inner join demo.population as population
        on customers.segment_draw >= population.share_from and customers.segment_draw < population.share_to
),

dropout_draws as (
    select
        members.customer_number,
        members.dropout_a,
        members.dropout_b,
        attempts.attempt,
        demo_random(members.random_key, 3, 2 * attempts.attempt) as u,
        demo_random(members.random_key, 3, 2 * attempts.attempt + 1) as v
    from members
    cross join range(16) as attempts (attempt)
),

dropout_attempts as (
    select
        customer_number,
        attempt,
        pow(u, 1 / dropout_a) as x,
        pow(v, 1 / dropout_b) as y
    from dropout_draws
),

dropouts as (
    select customer_number, arg_min(x / (x + y), attempt) as dropout_probability
    from dropout_attempts
    where x + y <= 1
    group by customer_number
),

lives as (
    select
        members.*,
        members.mean_rate / members.rate_shape * list_sum(list_transform(
            range(members.rate_shape), lambda part: -ln(demo_random(members.random_key, 2, part))
        )) as purchase_rate,
        coalesce(
            dropouts.dropout_probability, members.dropout_a / (members.dropout_a + members.dropout_b)
        ) as dropout_probability,
        case
            when launch_draw < launch_share then cast(floor(joining_draw * launch_days) as integer)
            else launch_days + cast(floor(joining_draw * (history_days - launch_days)) as integer)
        end as joining_day
    from members
    left join dropouts on dropouts.customer_number = members.customer_number
)

select
    customer_number,
    10000 + cast(customer_number as bigint) as customer_id,
    random_key,
    customer_segment,
    purchase_rate,
    dropout_probability,
    cast(least(
        1000000,
        1 + floor(ln(lifetime_draw) / ln(least(1 - 1e-12, greatest(1e-300, 1 - dropout_probability))))
    ) as bigint) as lifetime_orders,
    as_of_date - history_days + 1 + joining_day as first_order_date,
    cast(null as timestamp) as dropped_out_at,
    case
        when style_draw < 0.28 then 'powder_skier'
        when style_draw < 0.58 then 'piste_skier'
        when style_draw < 0.75 then 'freestyle_boarder'
        when style_draw < 0.90 then 'freeride_boarder'
        else 'all_rounder'
    end as style,
    cast(floor(favourite_draw_1 * 1000) as integer) as favourite_slot_1,
    cast(floor(favourite_draw_2 * 1000) as integer) as favourite_slot_2
from lives
order by customer_number
