-- How many of those who bought a product bought another one, too: one row per listed pair, by both ids as text.
-- Values: the as-of date. Reads the relation listed_pairs (owned_id and product_id as text), which the caller puts before it.
with parameters as (
    select cast(? as date) as as_of_date
),

purchased_pairs as (
    select * from interactive.purchased_pairs
),

product_statistics as (
    select * from interactive.product_statistics
),

product_pairs as (
    select
        owned.product_id as owned_id,
        other.product_id
    from listed_pairs
    inner join product_statistics as owned
        on listed_pairs.owned_id = cast(owned.product_id as varchar)
    inner join product_statistics as other
        on listed_pairs.product_id = cast(other.product_id as varchar)
),

named_products as (
    select owned_id as product_id from product_pairs
    union
    select product_id from product_pairs
),

bought_products as (
    -- Of the named products alone: two joins of all that was ever bought would take longer.
    select
        purchased_pairs.customer_id,
        purchased_pairs.product_id
    from purchased_pairs
    cross join parameters
    inner join named_products
        on purchased_pairs.product_id = named_products.product_id
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
),

product_pair_shares as (
    select
        cast(product_pairs.owned_id as varchar) as owned_id,
        cast(product_pairs.product_id as varchar) as product_id,
        cast(count(other.customer_id) as double) / count(*) as share
    from product_pairs
    inner join bought_products as owned
        on product_pairs.owned_id = owned.product_id
    left join bought_products as other
        on owned.customer_id = other.customer_id
        and product_pairs.product_id = other.product_id
    group by product_pairs.owned_id, product_pairs.product_id
)

select * from product_pair_shares
order by owned_id, product_id
