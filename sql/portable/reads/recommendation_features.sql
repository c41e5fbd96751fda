-- The recommendation model's features: one row per chosen customer and candidate product. The one definition,
-- for training and for serving.
-- Values: the as-of date.
-- Reads the relation recommendation_candidates, which the caller puts before it, with all columns of its customers and products.
with recommendation_features as (
    select
        candidates.customer_id,
        candidates.product_id,
        cast(coalesce(candidates.total_orders, 0) as double) as times_bought,
        cast(coalesce(candidates.total_quantity, 0) as double) as quantity_bought,
        cast(candidates.last_age as double) as days_since_bought,
        cast(candidates.first_age as double) as days_since_first_bought,
        cast(candidates.last_age as double) * (candidates.total_orders - 1)
        / nullif(cast(candidates.first_age - candidates.last_age as double), 0) as recency_over_mean_gap,
        cast(coalesce(candidates.total_orders, 0) as double) / candidates.total_past_orders as order_share,
        cast(coalesce(candidates.category_orders, 0) as double) as category_orders,
        cast(coalesce(candidates.category_orders, 0) as double)
        / (candidates.total_past_orders * candidates.products_per_order) as category_share,
        cast(coalesce(candidates.category_products, 0) as double) as category_products_bought,
        cast(candidates.category_age as double) as days_since_category_bought,
        cast(coalesce(candidates.affinity, 0) as double) / 1000000 as affinity,
        cast(coalesce(candidates.recent_affinity, 0) as double) / 1000000 as recent_affinity,
        cast(coalesce(candidates.strongest_affinity, 0) as double) / 1000000 as strongest_affinity,
        cast(coalesce(candidates.last_order_affinity, 0) as double) / 1000000 as last_order_affinity,
        cast(coalesce(candidates.affinity, 0) as double) / 1000000
        / nullif(cast(candidates.unique_products_bought as double), 0) as mean_affinity,
        cast(coalesce(candidates.distinct_affinity, 0) as double) / 1000000 as distinct_affinity,
        cast(coalesce(candidates.recent_distinct_affinity, 0) as double) / 1000000 as recent_distinct_affinity,
        candidates.product_popularity,
        candidates.product_buyers,
        candidates.buyers_last_7_days,
        candidates.buyers_last_30_days,
        candidates.buyers_last_90_days,
        candidates.new_buyers_last_30_days,
        candidates.popularity_trend,
        candidates.product_repeat_share,
        candidates.days_since_first_sold,
        candidates.days_since_last_sold,
        candidates.product_price,
        candidates.product_price / nullif(candidates.usual_price, 0) as relative_price,
        candidates.total_past_orders,
        candidates.orders_last_90_days,
        candidates.days_since_last_order,
        candidates.days_since_first_order,
        cast(candidates.unique_products_bought as double) as unique_products_bought,
        candidates.total_spent,
        candidates.avg_item_spend,
        candidates.products_per_order,
        candidates.repeat_share,
        cast(dayofyear(cast(? as date)) as double) as as_of_day_of_year,
        candidates.popularity_rank,
        candidates.all_time_rank
    from recommendation_candidates as candidates
)

select * from recommendation_features
