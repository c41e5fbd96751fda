-- Products bought by the same customers: one row per product and neighbour, by both ids.
-- Values: the as-of date. Reads interactive.purchased_pairs, built as of the same day.
-- similarity is the cosine between the two products' sets of buyers, in millionths: integers, so that sums of it do
-- not depend on the order of adding. To bound the work, at most 20,000 customers are looked at (by the MD5 of their
-- id), each with the 100 products bought last; at most 100 neighbours per product are kept, each with at least two
-- common buyers.
with parameters as (
    select cast(? as date) as as_of_date
),

purchased_pairs as (
    select * from interactive.purchased_pairs
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
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
),

customers_with_pairs as (
    select distinct customer_id from observed_pairs
),

observed_customers as (
    select customer_id
    from customers_with_pairs
    qualify row_number() over (order by md5(cast(customer_id as varchar)), customer_id) <= 20000
),

baskets as (
    -- Numbers in place of ids: pairs of text would take twice as long to count.
    select
        dense_rank() over (order by observed_pairs.customer_id) as customer_number,
        dense_rank() over (order by observed_pairs.product_id) as product_number,
        observed_pairs.product_id
    from observed_pairs
    inner join observed_customers
        on observed_pairs.customer_id = observed_customers.customer_id
    where observed_pairs.recency_rank <= 100
),

product_buyers as (
    select
        product_number,
        product_id,
        count(*) as buyers
    from baskets
    group by product_number, product_id
),

common_buyers as (
    select
        owned.product_number,
        other.product_number as neighbor_number,
        count(*) as buyers_in_common
    from baskets as owned
    inner join baskets as other
        on owned.customer_number = other.customer_number
        and owned.product_number < other.product_number
    group by owned.product_number, other.product_number
    having count(*) >= 2
),

both_ways as (
    select
        product_number,
        neighbor_number,
        buyers_in_common
    from common_buyers
    union all
    select
        neighbor_number as product_number,
        product_number as neighbor_number,
        buyers_in_common
    from common_buyers
),

similarities as (
    select
        owned.product_id,
        other.product_id as neighbor_id,
        cast(
            round(
                1000000 * cast(both_ways.buyers_in_common as double)
                / sqrt(cast(owned.buyers as double) * cast(other.buyers as double))
            ) as integer
        ) as similarity
    from both_ways
    inner join product_buyers as owned
        on both_ways.product_number = owned.product_number
    inner join product_buyers as other
        on both_ways.neighbor_number = other.product_number
),

product_neighbors as (
    select
        product_id,
        neighbor_id,
        similarity
    from similarities
    qualify row_number() over (partition by product_id order by similarity desc, neighbor_id) <= 100
)

select * from product_neighbors
