-- How well "more than N days since the last order" can be told from what the reference's six features say; one row.
-- With the date of the last order the label is plain arithmetic, and the best reachable ROC-AUC is 1. The six
-- features leave it out; they tell the number of orders n, the days between the first and the last, and (through
-- order values) the customer's segment. What stays unknown is *when* that span lies. Bayes' rule over every day on
-- which it can have begun, each weighed by
--   how many customers join on that day,
--   the season on the day of the last order (if there is more than one),
--   u^(n-2): the chance to fit n - 2 orders in between, u the span in operational time,
--   the chance of silence from then to the end, having left or not: as in demo_best_forward.
-- Spans are whole days here as in the feature. At most 10,000 customers, the first by number.
with parameters as (
    select
        cast(? as integer) as threshold_days,
        cast(? as integer) as launch_days,
        cast(? as double) as launch_share
),

history as (
    select
        max(day) as as_of_date,
        count(*) as history_days,
        min(day) as first_day,
        max(operational_start + operational_seconds) / 86400.0 as end_age
    from demo.season
),

spans as (
    select
        truth.customer_number,
        population.customer_segment,
        count(*) as order_count,
        date_diff('day', min(cast(orders.order_date as date)), max(cast(orders.order_date as date))) as span_days,
        date_diff('day', max(cast(orders.order_date as date)), any_value(history.as_of_date)) as days_since_last_order
    from raw.orders as orders
    inner join demo.truth as truth on truth.customer_id = orders.customer_id and truth.customer_number <= 10000
    inner join demo.population as population on population.customer_segment = truth.customer_segment
    cross join history
    group by truth.customer_number, population.customer_segment
),

-- Spans and cases are told by their numbers from here on: one whole number is grouped and joined faster than three values.
segment_spans as (
    select
        row_number() over (order by customer_segment, span_days) as span_number,
        customer_segment,
        span_days
    from (select distinct customer_segment, span_days from spans)
),

cases as (
    select
        row_number() over (order by counted.customer_segment, counted.span_days, counted.order_count) as case_number,
        segment_spans.span_number,
        counted.*
    from (select distinct customer_segment, order_count, span_days from spans) as counted
    inner join segment_spans
        on segment_spans.customer_segment = counted.customer_segment
        and segment_spans.span_days = counted.span_days
),

days as (
    select
        season.day,
        season.factor,
        (season.operational_start + season.operational_seconds / 2) / 86400.0 as age,
        case
            when date_diff('day', history.first_day, season.day) < parameters.launch_days
                then parameters.launch_share / parameters.launch_days
            else (1 - parameters.launch_share) / (history.history_days - parameters.launch_days)
        end as joining_density
    from demo.season as season
    cross join history
    cross join parameters
),

-- What does not depend on the number of orders is computed once for all cases of a span.
positions as (
    select
        segment_spans.span_number,
        date_diff('day', last_days.day, history.as_of_date) > parameters.threshold_days as is_churned,
        first_days.joining_density,
        last_days.factor as last_factor,
        population.rate_shape / population.mean_rate as alpha,
        population.rate_shape,
        population.dropout_a,
        population.dropout_b,
        -- A span within one day: half a day on average stands for it.
        greatest(last_days.age - first_days.age, 0.25) as u,
        history.end_age - first_days.age as t
    from segment_spans
    inner join demo.population as population on population.customer_segment = segment_spans.customer_segment
    cross join history
    cross join parameters
    inner join days as first_days on first_days.day <= history.as_of_date - cast(segment_spans.span_days as integer)
    inner join days as last_days on last_days.day = first_days.day + cast(segment_spans.span_days as integer)
),

logarithms as (
    select
        *,
        ln(u / (alpha + u)) as ln_share_if_left,
        ln(alpha + u) as ln_scale_if_left,
        ln(u / (alpha + t)) as ln_share_if_silent,
        ln(alpha + t) as ln_scale_if_silent
    from positions
),

weights as (
    select
        cases.case_number,
        logarithms.is_churned,
        logarithms.joining_density * case when cases.order_count > 1 then logarithms.last_factor else 1 end * (
            logarithms.dropout_a / (logarithms.dropout_b + cases.order_count - 1) * exp(
                greatest(0, cases.order_count - 2) * logarithms.ln_share_if_left
                - (logarithms.rate_shape + least(1, cases.order_count - 1)) * logarithms.ln_scale_if_left
            )
            + exp(
                greatest(0, cases.order_count - 2) * logarithms.ln_share_if_silent
                - (logarithms.rate_shape + least(1, cases.order_count - 1)) * logarithms.ln_scale_if_silent
            )
        ) as weight
    from cases
    inner join logarithms on logarithms.span_number = cases.span_number
),

largest as (
    select case_number, max(weight) as largest_weight
    from weights
    group by case_number
),

-- In whole units of 1e-9 of the case's largest weight, so that sums do not depend on their order.
scaled as (
    select
        weights.case_number,
        weights.is_churned,
        cast(round(weights.weight / largest.largest_weight * 1e9) as bigint) as units
    from weights
    inner join largest
        on largest.case_number = weights.case_number
),

posteriors as (
    select
        case_number,
        cast(sum(case when is_churned then units else 0 end) as double) / cast(sum(units) as double) as churn_probability
    from scaled
    group by case_number
),

ranks as (
    select
        case when spans.days_since_last_order > parameters.threshold_days then 1 else 0 end as is_churned,
        posteriors.churn_probability,
        rank() over (order by posteriors.churn_probability)
            + (count(*) over (partition by posteriors.churn_probability) - 1) / 2.0 as score_rank
    from spans
    cross join parameters
    inner join cases
        on cases.customer_segment = spans.customer_segment
        and cases.order_count = spans.order_count
        and cases.span_days = spans.span_days
    inner join posteriors on posteriors.case_number = cases.case_number
),

sums as (
    select
        count(*) as customers,
        cast(sum(is_churned) as double) as churned,
        cast(count(*) - sum(is_churned) as double) as active,
        cast(sum(case when is_churned = 1 then score_rank end) as double) as rank_sum,
        cast(sum(cast(churn_probability as decimal(18, 12))) as double) / count(*) as expected_churn_rate,
        cast(sum(case when (churn_probability > 0.5) = (is_churned = 1) then 1 else 0 end) as double) / count(*) as accuracy
    from ranks
)

select
    customers,
    churned / customers as churn_rate,
    expected_churn_rate,
    accuracy,
    (rank_sum - churned * (churned + 1) / 2) / (churned * active) as roc_auc
from sums
