-- Why a product is offered: one row per listed customer and product, by both ids as text.
-- Values: the as-of date. Reads the relation listed_offers (customer_id and product_id as text), which the caller puts
-- before it. owned_id and owned_name are of the product that the customer owns and whose buyers most often buy the offered
-- one, too.
with parameters as (
    select cast(? as date) as as_of_date
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

product_statistics as (
    select * from interactive.product_statistics
),

product_neighbors as (
    select * from interactive.product_neighbors
),

offers as (
    select
        listed_offers.customer_id,
        listed_offers.product_id,
        product_statistics.product_id as shop_product_id,
        product_statistics.price,
        product_statistics.total_customers
    from listed_offers
    left join product_statistics
        on listed_offers.product_id = cast(product_statistics.product_id as varchar)
),

owned_products as (
    select
        cast(purchased_pairs.customer_id as varchar) as customer_id,
        purchased_pairs.product_id,
        datediff('day', cast(purchased_pairs.last_order_date as date), parameters.as_of_date) as last_age
    from purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
),

owned_neighbors as (
    -- closeness orders by similarity first, then by the days since the last order, which are far below a million.
    select
        offers.customer_id,
        offers.product_id,
        owned_products.product_id as owned_id,
        product_neighbors.similarity * cast(1000000 as bigint) - owned_products.last_age as closeness
    from offers
    inner join product_neighbors
        on offers.shop_product_id = product_neighbors.neighbor_id
    inner join owned_products
        on offers.customer_id = owned_products.customer_id
        and product_neighbors.product_id = owned_products.product_id
),

first_owned as (
    -- Of products equally close, the first by id. To group twice takes less than to rank.
    select
        customer_id,
        product_id,
        closeness,
        min(owned_id) as owned_id
    from owned_neighbors
    group by customer_id, product_id, closeness
),

closest_owned as (
    select
        customer_id,
        product_id,
        max_by(owned_id, closeness) as owned_id
    from first_owned
    group by customer_id, product_id
),

bought_together as (
    select
        closest_owned.customer_id,
        closest_owned.product_id,
        closest_owned.owned_id,
        product_statistics.product_name as owned_name
    from closest_owned
    inner join product_statistics
        on closest_owned.owned_id = product_statistics.product_id
),

offer_reasons as (
    select
        offers.customer_id,
        offers.product_id,
        cast(offers.price as double) as price,
        cast(coalesce(offers.total_customers, 0) as double) as buyers,
        cast(bought_together.owned_id as varchar) as owned_id,
        bought_together.owned_name
    from offers
    left join bought_together
        on offers.customer_id = bought_together.customer_id
        and offers.product_id = bought_together.product_id
)

select * from offer_reasons
order by customer_id, product_id
