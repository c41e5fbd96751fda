-- Products bought by the same customers: one row per product and neighbour, by both ids.
-- Values: the as-of date. Reads interactive.purchased_pairs, built as of the same day.
-- similarity is the cosine between the two products' sets of buyers, in millionths: integers, so that sums of it do
-- not depend on the order of adding. To bound the work, at most 20,000 customers are looked at (by the MD5 of their
-- id), each with the 100 products bought last; at most 100 neighbours per product are kept, each with at least two
-- common buyers.
-- weight is how much owning the neighbour says of the product beyond what the most similar ones say together (50, fewer in
-- a shop of more than 20,000 products), in millionths, 0 for the others: two steps of Jacobi's method towards the ridge
-- regression (penalty 1) of the product's buyers on theirs, which is EASE (Steck, WWW 2019) on cosines and neighbours.
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
        both_ways.product_number,
        both_ways.neighbor_number,
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

closest as (
    select
        similarities.*,
        row_number() over (partition by product_id order by similarity desc, neighbor_id) as neighbor_rank
    from similarities
    qualify row_number() over (partition by product_id order by similarity desc, neighbor_id) <= 100
),

weighed_neighbors as (
    -- 50, and fewer beyond 20,000 products: about a million pairs, but at least 10 neighbours each.
    select least(50, greatest(10, floor(1000000 / greatest(1, count(*))))) as most
    from product_buyers
),

weighed as (
    select
        product_number,
        neighbor_number,
        similarity
    from closest
    cross join weighed_neighbors
    where neighbor_rank <= weighed_neighbors.most
),

neighbor_overlaps as (
    -- How much a weighed neighbour is like all others of the same product.
    select
        one.product_number,
        one.neighbor_number,
        sum(cast(similarities.similarity as double)) as overlap
    from weighed as one
    inner join weighed as other
        on one.product_number = other.product_number
    inner join similarities
        on one.neighbor_number = similarities.product_number
        and other.neighbor_number = similarities.neighbor_number
    group by one.product_number, one.neighbor_number
),

first_weights as (
    select
        weighed.product_number,
        weighed.neighbor_number,
        cast(weighed.similarity as double) as similarity,
        2000000 + coalesce(neighbor_overlaps.overlap, 0) as scale,
        round(
            1000000 * cast(weighed.similarity as double) / (2000000 + coalesce(neighbor_overlaps.overlap, 0))
        ) as weight
    from weighed
    left join neighbor_overlaps
        on weighed.product_number = neighbor_overlaps.product_number
        and weighed.neighbor_number = neighbor_overlaps.neighbor_number
),

explained as (
    -- How much of a neighbour's similarity the first weights of the others explain.
    select
        one.product_number,
        one.neighbor_number,
        sum(cast(similarities.similarity as double) * other.weight) as explained
    from weighed as one
    inner join first_weights as other
        on one.product_number = other.product_number
    inner join similarities
        on one.neighbor_number = similarities.product_number
        and other.neighbor_number = similarities.neighbor_number
    group by one.product_number, one.neighbor_number
),

weights as (
    select
        first_weights.product_number,
        first_weights.neighbor_number,
        cast(
            first_weights.weight
            + round(
                1000000
                * (
                    first_weights.similarity
                    - 2 * first_weights.weight
                    - round(coalesce(explained.explained, 0) / 1000000)
                )
                / first_weights.scale
            ) as integer
        ) as weight
    from first_weights
    left join explained
        on first_weights.product_number = explained.product_number
        and first_weights.neighbor_number = explained.neighbor_number
),

product_neighbors as (
    select
        closest.product_id,
        closest.neighbor_id,
        closest.similarity,
        coalesce(weights.weight, 0) as weight
    from closest
    left join weights
        on closest.product_number = weights.product_number
        and closest.neighbor_number = weights.neighbor_number
)

select * from product_neighbors
