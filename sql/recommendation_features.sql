-- The recommendation model's features: one row a chosen customer and candidate product. The one definition,
-- for training and for serving.
-- Values: the as-of date, the number of popular products every customer gets as candidates at least (never bought
-- ones), the most candidates from own history.
-- Reads the relation chosen_customers, which the caller puts before it, and serving tables as of the same day: for
-- an earlier day, the caller puts the statements that build them in their place.
-- Candidates are a customer's own history, neighbours of it, popular products, products that many now buy for the
-- first time, and popular products of the customer's categories: customers x products is never made.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as popular_candidates,
        cast(? as integer) as own_candidates
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

recommendation_customers as (
    select * from interactive.recommendation_customers
),

recommendation_products as (
    select * from interactive.recommendation_products
),

product_neighbors as (
    select * from interactive.product_neighbors
),

customers as (
    select recommendation_customers.*
    from recommendation_customers
    inner join chosen_customers
        on recommendation_customers.customer_id = chosen_customers.customer_id
),

own_products as (
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id,
        purchased_pairs.total_orders,
        purchased_pairs.total_quantity,
        datediff('day', cast(purchased_pairs.first_order_date as date), parameters.as_of_date) as first_age,
        datediff('day', cast(purchased_pairs.last_order_date as date), parameters.as_of_date) as last_age,
        customers.days_since_last_order,
        row_number() over (
            partition by purchased_pairs.customer_id
            order by
                purchased_pairs.total_orders desc,
                purchased_pairs.last_order_date desc,
                purchased_pairs.product_id
        ) as own_rank,
        row_number() over (
            partition by purchased_pairs.customer_id
            order by purchased_pairs.last_order_date desc, purchased_pairs.total_orders desc, purchased_pairs.product_id
        ) as recency_rank
    from purchased_pairs
    cross join parameters
    inner join customers
        on purchased_pairs.customer_id = customers.customer_id
),

affinities as (
    -- How often a product is bought with what the customer owns. Integers: exact whatever the order of adding.
    select
        own_products.customer_id,
        product_neighbors.neighbor_id as product_id,
        sum(product_neighbors.similarity) as affinity,
        sum(
            cast(round(product_neighbors.similarity * exp(-cast(own_products.last_age as double) / 60)) as integer)
        ) as recent_affinity,
        max(product_neighbors.similarity) as strongest_affinity,
        sum(
            case
                when own_products.last_age = own_products.days_since_last_order
                    then product_neighbors.similarity
                else 0
            end
        ) as last_order_affinity
    from own_products
    inner join product_neighbors
        on own_products.product_id = product_neighbors.product_id
    where own_products.recency_rank <= 150
    group by own_products.customer_id, product_neighbors.neighbor_id
),

new_affinities as (
    select
        affinities.customer_id,
        affinities.product_id
    from affinities
    where not exists (
        select 1
        from own_products
        where own_products.customer_id = affinities.customer_id
            and own_products.product_id = affinities.product_id
    )
    qualify row_number() over (
        partition by affinities.customer_id
        order by affinities.recent_affinity desc, affinities.affinity desc, affinities.product_id
    ) <= 150
),

customer_categories as (
    select
        own_products.customer_id,
        recommendation_products.product_category,
        sum(own_products.total_orders) as category_orders,
        min(own_products.last_age) as category_age,
        count(*) as category_products,
        row_number() over (
            partition by own_products.customer_id
            order by sum(own_products.total_orders) desc, recommendation_products.product_category
        ) as category_order
    from own_products
    inner join recommendation_products
        on own_products.product_id = recommendation_products.product_id
    where recommendation_products.product_category is not null
    group by own_products.customer_id, recommendation_products.product_category
),

candidates as (
    select
        customer_id,
        product_id
    from own_products
    cross join parameters
    where own_rank <= parameters.own_candidates
    union
    select
        customer_id,
        product_id
    from new_affinities
    union
    -- As many more popular products as the customer already owns: so many never bought ones are always among them.
    select
        customers.customer_id,
        recommendation_products.product_id
    from customers
    cross join parameters
    inner join recommendation_products
        on
            recommendation_products.popularity_rank
            <= parameters.popular_candidates + customers.unique_products_bought
    union
    select
        customers.customer_id,
        recommendation_products.product_id
    from customers
    cross join parameters
    inner join recommendation_products
        on recommendation_products.discovery_rank <= parameters.popular_candidates / 2
    union
    select
        customer_categories.customer_id,
        recommendation_products.product_id
    from customer_categories
    inner join recommendation_products
        on customer_categories.product_category = recommendation_products.product_category
    where customer_categories.category_order <= 3
        and recommendation_products.category_rank <= 20
),

recommendation_features as (
    select
        candidates.customer_id,
        candidates.product_id,
        cast(coalesce(own_products.total_orders, 0) as double) as times_bought,
        cast(coalesce(own_products.total_quantity, 0) as double) as quantity_bought,
        cast(own_products.last_age as double) as days_since_bought,
        cast(own_products.first_age as double) as days_since_first_bought,
        cast(own_products.last_age as double) * (own_products.total_orders - 1)
        / nullif(cast(own_products.first_age - own_products.last_age as double), 0) as recency_over_mean_gap,
        cast(coalesce(own_products.total_orders, 0) as double) / customers.total_past_orders as order_share,
        cast(coalesce(customer_categories.category_orders, 0) as double) as category_orders,
        cast(coalesce(customer_categories.category_orders, 0) as double)
        / (customers.total_past_orders * customers.products_per_order) as category_share,
        cast(coalesce(customer_categories.category_products, 0) as double) as category_products_bought,
        cast(customer_categories.category_age as double) as days_since_category_bought,
        cast(coalesce(affinities.affinity, 0) as double) / 1000000 as affinity,
        cast(coalesce(affinities.recent_affinity, 0) as double) / 1000000 as recent_affinity,
        cast(coalesce(affinities.strongest_affinity, 0) as double) / 1000000 as strongest_affinity,
        cast(coalesce(affinities.last_order_affinity, 0) as double) / 1000000 as last_order_affinity,
        cast(coalesce(affinities.affinity, 0) as double) / 1000000
        / nullif(cast(customers.unique_products_bought as double), 0) as mean_affinity,
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
        recommendation_products.popularity_rank,
        recommendation_products.all_time_rank
    from candidates
    inner join customers
        on candidates.customer_id = customers.customer_id
    inner join recommendation_products
        on candidates.product_id = recommendation_products.product_id
    left join own_products
        on candidates.customer_id = own_products.customer_id
        and candidates.product_id = own_products.product_id
    left join affinities
        on candidates.customer_id = affinities.customer_id
        and candidates.product_id = affinities.product_id
    left join customer_categories
        on candidates.customer_id = customer_categories.customer_id
        and recommendation_products.product_category = customer_categories.product_category
)

select * from recommendation_features
