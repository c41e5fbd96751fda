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
        purchased_pairs.last_order_date
    from purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
),

bought_together as (
    select
        offers.customer_id,
        offers.product_id,
        owned_products.product_id as owned_id,
        product_statistics.product_name as owned_name
    from offers
    inner join product_neighbors
        on offers.shop_product_id = product_neighbors.neighbor_id
    inner join owned_products
        on offers.customer_id = owned_products.customer_id
        and product_neighbors.product_id = owned_products.product_id
    inner join product_statistics
        on owned_products.product_id = product_statistics.product_id
    qualify row_number() over (
        partition by offers.customer_id, offers.product_id
        order by product_neighbors.similarity desc, owned_products.last_order_date desc, owned_products.product_id
    ) = 1
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
