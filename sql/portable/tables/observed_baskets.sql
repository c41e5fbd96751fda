-- What customers own of whom products bought together are counted: one row per observed customer and product.
-- To bound the work, at most 20,000 customers are looked at (by the MD5 of their id), each with the 100 products bought last.
-- Reads interactive.purchased_pairs and interactive.recommendation_customers, built as of the same day.
with purchased_pairs as (
    select * from interactive.purchased_pairs
),

recommendation_customers as (
    select * from interactive.recommendation_customers
),

observed_customers as (
    select customer_id
    from recommendation_customers
    where unique_products_bought > 0
    order by md5(cast(customer_id as varchar)), customer_id
    limit 20000
),

observed_pairs as (
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id,
        row_number() over (
            partition by purchased_pairs.customer_id
            order by
                purchased_pairs.last_order_date desc,
                purchased_pairs.total_orders desc,
                purchased_pairs.product_id
        ) as recency_rank
    from purchased_pairs
    inner join observed_customers
        on purchased_pairs.customer_id = observed_customers.customer_id
),

observed_baskets as (
    select
        customer_id,
        product_id
    from observed_pairs
    where recency_rank <= 100
)

select * from observed_baskets
