-- The shop's year, one row per day of the history: how many times faster than on an average day its customers buy.
-- A smooth yearly wave (30 % up and down), and the yearly sale. Both stand in the calendar: the wave is highest on the
-- last day of the sale, so a shop made in July differs from a shop made in January.
-- Values: the last day of the history, its days, the days of the sale, how many times faster customers buy in it, and
-- month and day of its last day.
-- Operational time runs `factor` times as fast as the clock: in it every customer buys at a constant rate.
-- It is counted in whole seconds, from the first day, so that no sum depends on its order.
create table demo.season as
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as history_days,
        cast(? as integer) as sale_days,
        cast(? as double) as sale_factor,
        cast(? as integer) as sale_end_month,
        cast(? as integer) as sale_end_day
),

history as (
    select
        parameters.*,
        parameters.as_of_date - cast(ago.days_ago as integer) as day
    from parameters
    cross join lateral (select unnest(range(parameters.history_days)) as days_ago) as ago
),

distances as (
    -- Days to the last day of the next sale, 0 on that day.
    select
        *,
        make_date(
            year(day)
            + case when day > make_date(year(day), sale_end_month, sale_end_day) then 1 else 0 end,
            sale_end_month,
            sale_end_day
        ) - day as days_to_sale_end
    from history
),

days as (
    select
        day,
        (1 + 0.3 * cos(2 * pi() * days_to_sale_end / 365.0))
            * case when days_to_sale_end < sale_days then sale_factor else 1 end as factor
    from distances
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
