-- Customers who meet all conditions: one row per customer, by customer_id.
-- Values: the segment (LAPSED is both of inactive customers), the shop's own customer segment, the
-- least and the most spent, the least and the most orders. NULL is no condition.
with parameters as (
    select
        cast(? as varchar) as segment,
        lower(cast(? as varchar)) as customer_segment,
        cast(? as double) as least_spent,
        cast(? as double) as most_spent,
        cast(? as double) as least_orders,
        cast(? as double) as most_orders
),

customer_order_analytics as (
    select * from interactive.customer_order_analytics
),

customer_segments as (
    select * from interactive.customer_segments
),

customers_matching as (
    select
        customer_order_analytics.customer_id,
        customer_segments.segment,
        customer_order_analytics.customer_segment,
        cast(customer_order_analytics.total_orders as double) as total_orders,
        cast(customer_order_analytics.total_spent as double) as total_spent,
        customer_order_analytics.first_order_date,
        customer_order_analytics.last_order_date,
        cast(customer_segments.days_since_last_order as double) as days_since_last_order
    from customer_order_analytics
    inner join customer_segments
        on customer_order_analytics.customer_id = customer_segments.customer_id
    cross join parameters
    where
        (
            parameters.segment is null
            or parameters.segment = customer_segments.segment
            or (
                parameters.segment = 'LAPSED'
                and customer_segments.segment in ('HIGH_VALUE_INACTIVE', 'AT_RISK')
            )
        )
        and (
            parameters.customer_segment is null
            or parameters.customer_segment = lower(customer_order_analytics.customer_segment)
        )
        and (parameters.least_spent is null or customer_order_analytics.total_spent >= parameters.least_spent)
        and (parameters.most_spent is null or customer_order_analytics.total_spent <= parameters.most_spent)
        and (parameters.least_orders is null or customer_order_analytics.total_orders >= parameters.least_orders)
        and (parameters.most_orders is null or customer_order_analytics.total_orders <= parameters.most_orders)
)

select * from customers_matching
order by customer_id
