-- One row per segment that has customers, as of the last order's date: how many they are, what they spent, how long ago
-- they ordered.
with customer_segments as (
    select * from interactive.customer_segments
),

segment_summary as (
    select
        segment,
        cast(count(*) as integer) as customers,
        cast(sum(total_spent) as double) as total_spent,
        cast(sum(total_orders) as integer) as total_orders,
        cast(sum(cast(days_since_last_order as bigint)) as double) / count(*) as mean_days_since_last_order
    from customer_segments
    group by segment
)

select * from segment_summary
order by segment
