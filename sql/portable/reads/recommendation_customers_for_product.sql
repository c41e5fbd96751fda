-- Customers who may buy a product: one row per customer who never bought it, by customer_id.
-- Values: the as-of date, the product's id as text, how many customers at most.
-- Those come first who own what is often bought with it and ordered lately: the model then ranks them.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as varchar) as product_id,
        cast(? as integer) as most_customers
),

recommendation_customers as (
    select * from interactive.recommendation_customers
),

known_pairs as (
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id
    from interactive.purchased_pairs as purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
),

buyers as (
    select known_pairs.customer_id
    from known_pairs
    inner join parameters
        on cast(known_pairs.product_id as varchar) = parameters.product_id
),

neighbors as (
    select
        product_neighbors.product_id,
        product_neighbors.similarity
    from interactive.product_neighbors as product_neighbors
    inner join parameters
        on cast(product_neighbors.neighbor_id as varchar) = parameters.product_id
),

affinities as (
    select
        known_pairs.customer_id,
        sum(cast(neighbors.similarity as double)) as affinity
    from known_pairs
    inner join neighbors
        on known_pairs.product_id = neighbors.product_id
    group by known_pairs.customer_id
),

ranked as (
    select
        recommendation_customers.customer_id,
        row_number() over (
            order by
                (1 + coalesce(affinities.affinity, 0))
                * exp(-cast(recommendation_customers.days_since_last_order as double) / 90) desc,
                recommendation_customers.customer_id
        ) as customer_rank
    from recommendation_customers
    left join affinities
        on recommendation_customers.customer_id = affinities.customer_id
    where recommendation_customers.customer_id not in (select customer_id from buyers)
)

select
    ranked.customer_id,
    ranked.customer_rank as customer_number
from ranked
cross join parameters
where ranked.customer_rank <= parameters.most_customers
order by ranked.customer_id
