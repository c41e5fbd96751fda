-- The shop's year, one row per day of the history: how many times faster than on an average day its customers buy.
-- A smooth yearly wave (30 % up and down), and the yearly sale, whose last day is the last day of the history, so
-- that a shop made in July is the same shop as one made in January.
-- Operational time runs `factor` times as fast as the clock: in it every customer buys at a constant rate.
-- It is counted in whole seconds, from the first day, so that no sum depends on its order.
create table demo.season as
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as history_days,
        cast(? as integer) as sale_days,
        cast(? as double) as sale_factor
),

days as (
    select
        parameters.as_of_date - cast(ago.days_ago as integer) as day,
        (1 + 0.3 * cos(2 * pi() * ago.days_ago / 365.0))
            * case when ago.days_ago % 365 < parameters.sale_days then parameters.sale_factor else 1 end as factor
    from parameters
    cross join lateral (select unnest(range(parameters.history_days)) as days_ago) as ago
),

seconds as (
    select
        day,
        factor,
        factor > 1 as is_high_season,
        cast(round(86400 * factor) as bigint) as operational_seconds
    from days
)

select
    day,
    factor,
    is_high_season,
    operational_seconds,
    cast(coalesce(sum(operational_seconds) over (
        order by day rows between unbounded preceding and 1 preceding
    ), 0) as bigint) as operational_start
from seconds
