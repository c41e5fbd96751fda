-- The recommendation model's features: one row per chosen customer and candidate product. The one definition,
-- for training and for serving.
-- Values: the as-of date.
-- Reads the relations chosen_customers and recommendation_candidates, which the caller puts before it, and serving tables as of
-- the same day: for an earlier day, the caller puts the statements that build them in their place.
with parameters as (
    select cast(? as date) as as_of_date
),

customers as (
    select recommendation_customers.*
    from interactive.recommendation_customers as recommendation_customers
    inner join chosen_customers
        on recommendation_customers.customer_id = chosen_customers.customer_id
),

recommendation_products as (
    select
        *,
        cast(all_time_rank as integer) as product_number
    from interactive.recommendation_products
),

candidates as (
    select * from recommendation_candidates
),

recommendation_features as (
    select
        candidates.customer_id,
        candidates.product_id,
        cast(coalesce(candidates.total_orders, 0) as double) as times_bought,
        cast(coalesce(candidates.total_quantity, 0) as double) as quantity_bought,
        cast(candidates.last_age as double) as days_since_bought,
        cast(candidates.first_age as double) as days_since_first_bought,
        cast(candidates.last_age as double) * (candidates.total_orders - 1)
        / nullif(cast(candidates.first_age - candidates.last_age as double), 0) as recency_over_mean_gap,
        cast(coalesce(candidates.total_orders, 0) as double) / customers.total_past_orders as order_share,
        cast(coalesce(candidates.category_orders, 0) as double) as category_orders,
        cast(coalesce(candidates.category_orders, 0) as double)
        / (customers.total_past_orders * customers.products_per_order) as category_share,
        cast(coalesce(candidates.category_products, 0) as double) as category_products_bought,
        cast(candidates.category_age as double) as days_since_category_bought,
        cast(coalesce(candidates.affinity, 0) as double) / 1000000 as affinity,
        cast(coalesce(candidates.recent_affinity, 0) as double) / 1000000 as recent_affinity,
        cast(coalesce(candidates.strongest_affinity, 0) as double) / 1000000 as strongest_affinity,
        cast(coalesce(candidates.last_order_affinity, 0) as double) / 1000000 as last_order_affinity,
        cast(coalesce(candidates.affinity, 0) as double) / 1000000
        / nullif(cast(customers.unique_products_bought as double), 0) as mean_affinity,
        cast(coalesce(candidates.distinct_affinity, 0) as double) / 1000000 as distinct_affinity,
        cast(coalesce(candidates.recent_distinct_affinity, 0) as double) / 1000000 as recent_distinct_affinity,
        recommendation_products.product_popularity,
        recommendation_products.product_buyers,
        recommendation_products.buyers_last_7_days,
        recommendation_products.buyers_last_30_days,
        recommendation_products.buyers_last_90_days,
        recommendation_products.new_buyers_last_30_days,
        recommendation_products.popularity_trend,
        recommendation_products.product_repeat_share,
        recommendation_products.days_since_first_sold,
        recommendation_products.days_since_last_sold,
        recommendation_products.product_price,
        recommendation_products.product_price / nullif(customers.usual_price, 0) as relative_price,
        customers.total_past_orders,
        customers.orders_last_90_days,
        customers.days_since_last_order,
        customers.days_since_first_order,
        cast(customers.unique_products_bought as double) as unique_products_bought,
        customers.total_spent,
        customers.avg_item_spend,
        customers.products_per_order,
        customers.repeat_share,
        cast(dayofyear(parameters.as_of_date) as double) as as_of_day_of_year,
        recommendation_products.popularity_rank,
        recommendation_products.all_time_rank
    from candidates
    cross join parameters
    inner join customers
        on candidates.customer_id = customers.customer_id
    inner join recommendation_products
        on candidates.product_number = recommendation_products.product_number
)

select * from recommendation_features
