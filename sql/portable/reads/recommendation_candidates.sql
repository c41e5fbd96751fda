-- What could be recommended to whom, and what the customer did with it and with what is like it: one row per chosen customer
-- and candidate product, with all columns of both. Numbers are null where the customer did nothing of the kind.
-- Values: the as-of date, the number of popular products every customer gets as candidates at least (never bought
-- ones), the most candidates from own history, twice.
-- Reads the relation chosen_customers (customer_id, and a customer_number of each), which the caller puts before it, and
-- serving tables as of the same day: for an earlier day, the caller puts the statements that build them in their place.
-- Candidates are a customer's own history, neighbours of it, popular products, products that many now buy for the
-- first time, and popular products of the customer's categories: customers x products is never made.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as popular_candidates
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

recommendation_customers as (
    select * from interactive.recommendation_customers
),

recommendation_products as (
    -- Numbers in place of ids: what is joined and grouped by below is counted in millions of rows.
    select
        *,
        cast(all_time_rank as integer) as product_number
    from interactive.recommendation_products
),

product_neighbors as (
    select * from interactive.product_neighbors
),

customers as (
    -- Values are joined later: beside them DuckDB builds an earlier day's tables of everyone before it picks who is asked for.
    select
        recommendation_customers.*,
        cast(chosen_customers.customer_number as integer) as customer_number
    from recommendation_customers
    inner join chosen_customers
        on recommendation_customers.customer_id = chosen_customers.customer_id
),

neighbors as (
    select
        owned.product_number,
        other.product_number as neighbor_number,
        product_neighbors.similarity,
        product_neighbors.weight
    from product_neighbors
    inner join recommendation_products as owned
        on product_neighbors.product_id = owned.product_id
    inner join recommendation_products as other
        on product_neighbors.neighbor_id = other.product_id
),

own_products as (
    select
        customers.customer_number,
        recommendation_products.product_number,
        recommendation_products.product_category,
        purchased_pairs.product_id,
        purchased_pairs.last_order_date,
        purchased_pairs.total_orders,
        purchased_pairs.total_quantity,
        datediff('day', cast(purchased_pairs.first_order_date as date), parameters.as_of_date) as first_age,
        datediff('day', cast(purchased_pairs.last_order_date as date), parameters.as_of_date) as last_age,
        customers.days_since_last_order,
        row_number() over (
            partition by purchased_pairs.customer_id
            order by purchased_pairs.last_order_date desc, purchased_pairs.total_orders desc, purchased_pairs.product_id
        ) as recency_rank
    from purchased_pairs
    cross join parameters
    inner join customers
        on purchased_pairs.customer_id = customers.customer_id
    inner join recommendation_products
        on purchased_pairs.product_id = recommendation_products.product_id
),

remembered_products as (
    -- What affinities are counted from, with how much of it still counts.
    select
        customer_number,
        product_number,
        exp(-cast(last_age as double) / 60) as recency,
        case when last_age = days_since_last_order then 1 else 0 end as is_in_last_order
    from own_products
    where recency_rank <= 150
),

affinities as (
    -- How often a product is bought with what the customer owns. Whole numbers far below 2^53 in doubles: sums are
    -- exact whatever the order of adding, and quicker than those of integers.
    select
        remembered_products.customer_number,
        neighbors.neighbor_number as product_number,
        sum(cast(neighbors.similarity as double)) as affinity,
        sum(round(cast(neighbors.similarity as double) * remembered_products.recency)) as recent_affinity,
        max(neighbors.similarity) as strongest_affinity,
        sum(cast(neighbors.similarity * remembered_products.is_in_last_order as double)) as last_order_affinity,
        sum(cast(neighbors.weight as double)) as distinct_affinity,
        sum(round(cast(neighbors.weight as double) * remembered_products.recency)) as recent_distinct_affinity
    from remembered_products
    inner join neighbors
        on remembered_products.product_number = neighbors.product_number
    group by remembered_products.customer_number, neighbors.neighbor_number
),

new_affinities as (
    select
        affinities.customer_number,
        affinities.product_number
    from affinities
    where not exists (
        select 1
        from own_products
        where own_products.customer_number = affinities.customer_number
            and own_products.product_number = affinities.product_number
    )
    qualify row_number() over (
        partition by affinities.customer_number
        order by affinities.recent_affinity desc, affinities.affinity desc, affinities.product_number
    ) <= 150
),

customer_categories as (
    select
        customer_number,
        product_category,
        sum(total_orders) as category_orders,
        min(last_age) as category_age,
        count(*) as category_products,
        row_number() over (
            partition by customer_number
            order by sum(total_orders) desc, product_category
        ) as category_order
    from own_products
    where product_category is not null
    group by customer_number, product_category
),

candidates as (
    select
        customer_number,
        product_number
    from own_products
    -- A condition that an engine decides as it plans: nothing is ranked if no own products are asked for.
    where cast(? as integer) > 0
    qualify row_number() over (
        partition by customer_number
        order by total_orders desc, last_order_date desc, product_id
    ) <= cast(? as integer)
    union
    select
        customer_number,
        product_number
    from new_affinities
    union
    -- As many more popular products as the customer already owns: so many never bought ones are always among them.
    select
        customers.customer_number,
        recommendation_products.product_number
    from customers
    cross join parameters
    inner join recommendation_products
        on
            recommendation_products.popularity_rank
            <= parameters.popular_candidates + customers.unique_products_bought
    union
    select
        customers.customer_number,
        recommendation_products.product_number
    from customers
    cross join parameters
    inner join recommendation_products
        on recommendation_products.discovery_rank <= parameters.popular_candidates / 2
    union
    select
        customer_categories.customer_number,
        recommendation_products.product_number
    from customer_categories
    inner join recommendation_products
        on customer_categories.product_category = recommendation_products.product_category
    where customer_categories.category_order <= 3
        and recommendation_products.category_rank <= 20
),

recommendation_candidates as (
    select
        customers.*,
        recommendation_products.*,
        own_products.total_orders,
        own_products.total_quantity,
        own_products.first_age,
        own_products.last_age,
        customer_categories.category_orders,
        customer_categories.category_age,
        customer_categories.category_products,
        affinities.affinity,
        affinities.recent_affinity,
        affinities.strongest_affinity,
        affinities.last_order_affinity,
        affinities.distinct_affinity,
        affinities.recent_distinct_affinity
    -- What is wide is joined last.
    from candidates
    left join own_products
        on candidates.customer_number = own_products.customer_number
        and candidates.product_number = own_products.product_number
    left join affinities
        on candidates.customer_number = affinities.customer_number
        and candidates.product_number = affinities.product_number
    inner join recommendation_products
        on candidates.product_number = recommendation_products.product_number
    left join customer_categories
        on candidates.customer_number = customer_categories.customer_number
        and recommendation_products.product_category = customer_categories.product_category
    inner join customers
        on candidates.customer_number = customers.customer_number
)

select * from recommendation_candidates
