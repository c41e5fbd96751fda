-- How well the best possible forecast could rank customers by "no order in the horizon after the cutoff"; one row.
-- Two forecasters know the laws of the shop (population, season), and see every order up to the cutoff:
--   roc_auc             has nothing else: Bayes' rule over the laws that rates and dropout probabilities come from.
--                       No model that learns from orders can rank better, except by chance.
--   roc_auc_true_rates  is told each customer's own rate and dropout probability too, though not who has left.
-- With n orders, the last at operational age u, the cutoff at age t, the horizon's end at age v, and a customer still
-- there after the last order with odds (1 - p) : p, the chance of silence up to an age x is exp(-rate * (x - u)).
-- Rates are gamma (shape r, mean r / alpha), dropout is beta (a, b), so their integrals are the ratios below.
with parameters as (
    select cast(? as date) as cutoff_date, cast(? as integer) as horizon_days
),

boundaries as (
    select
        max(case when season.day <= parameters.cutoff_date
            then season.operational_start + season.operational_seconds end) / 86400.0 as cutoff_age,
        max(case when season.day <= parameters.cutoff_date + parameters.horizon_days
            then season.operational_start + season.operational_seconds end) / 86400.0 as horizon_age
    from demo.season as season
    cross join parameters
),

seen_orders as (
    select
        orders.customer_id,
        count(*) as order_count,
        min(orders.order_date) as first_order,
        max(orders.order_date) as last_order
    from raw.orders as orders
    cross join parameters
    where cast(orders.order_date as date) <= parameters.cutoff_date
    group by orders.customer_id
),

returning_customers as (
    select distinct orders.customer_id
    from raw.orders as orders
    cross join parameters
    where cast(orders.order_date as date) > parameters.cutoff_date
        and cast(orders.order_date as date) <= parameters.cutoff_date + parameters.horizon_days
),

-- Orders come between 7 and 23 o'clock, evenly in operational time: 57,600 seconds.
ages as (
    select
        seen_orders.customer_id,
        seen_orders.order_count,
        (first_day.operational_start + first_day.operational_seconds
            * (date_diff('second', first_day.day, seen_orders.first_order) - 25200) / 57600.0) / 86400.0 as first_age,
        (last_day.operational_start + last_day.operational_seconds
            * (date_diff('second', last_day.day, seen_orders.last_order) - 25200) / 57600.0) / 86400.0 as last_age
    from seen_orders
    inner join demo.season as first_day on first_day.day = cast(seen_orders.first_order as date)
    inner join demo.season as last_day on last_day.day = cast(seen_orders.last_order as date)
),

terms as (
    select
        truth.customer_id,
        truth.purchase_rate as rate,
        truth.dropout_probability as p,
        population.rate_shape + ages.order_count - 1 as exponent,
        population.dropout_a / (population.dropout_b + ages.order_count - 1) as left_weight,
        population.rate_shape / population.mean_rate as alpha,
        ages.last_age - ages.first_age as u,
        boundaries.cutoff_age - ages.first_age as t,
        boundaries.horizon_age - ages.first_age as v,
        case when returning_customers.customer_id is null then 1 else 0 end as is_churned
    from ages
    cross join boundaries
    inner join demo.truth as truth on truth.customer_id = ages.customer_id
    inner join demo.population as population on population.customer_segment = truth.customer_segment
    left join returning_customers on returning_customers.customer_id = ages.customer_id
),

forecasts as (
    select
        is_churned,
        (left_weight + pow((alpha + u) / (alpha + v), exponent))
            / (left_weight + pow((alpha + u) / (alpha + t), exponent)) as from_orders,
        (p + (1 - p) * exp(-rate * (v - u))) / (p + (1 - p) * exp(-rate * (t - u))) as from_true_rates
    from terms
),

-- Ranks of ties are their mean; all are multiples of a half, so their sums are exact.
ranks as (
    select
        is_churned,
        from_orders,
        from_true_rates,
        rank() over (order by from_orders) + (count(*) over (partition by from_orders) - 1) / 2.0 as orders_rank,
        rank() over (order by from_true_rates) + (count(*) over (partition by from_true_rates) - 1) / 2.0 as rates_rank
    from forecasts
),

sums as (
    select
        count(*) as customers,
        cast(sum(is_churned) as double) as churned,
        cast(count(*) - sum(is_churned) as double) as returned,
        cast(sum(case when is_churned = 1 then orders_rank end) as double) as orders_rank_sum,
        cast(sum(case when is_churned = 1 then rates_rank end) as double) as rates_rank_sum,
        cast(sum(cast(from_orders as decimal(18, 12))) as double) / count(*) as mean_from_orders,
        cast(sum(cast(from_true_rates as decimal(18, 12))) as double) / count(*) as mean_from_true_rates
    from ranks
)

select
    customers,
    churned / customers as churn_rate,
    mean_from_orders as expected_churn_rate,
    mean_from_true_rates as expected_churn_rate_true_rates,
    (orders_rank_sum - churned * (churned + 1) / 2) / (churned * returned) as roc_auc,
    (rates_rank_sum - churned * (churned + 1) / 2) / (churned * returned) as roc_auc_true_rates
from sums
