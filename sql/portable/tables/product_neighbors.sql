-- Products bought by the same customers: one row per product and neighbour, by both ids.
-- Reads interactive.observed_baskets and interactive.common_buyers, built as of the same day.
-- similarity is the cosine between the two products' sets of buyers, in millionths: integers, so that sums of it do
-- not depend on the order of adding. At most 100 neighbours per product are kept, each with at least two common buyers.
-- weight is how much owning product_id says of buying neighbor_id beyond what the other products that say most of it say,
-- in millionths: 30 of them are weighed together, fewer in a shop of more than 30,000 products, and the rest weigh 0. It is
-- EASE (Steck, WWW 2019) on neighbours alone: the ridge regression, penalty 300, of a product's buyers on those of the
-- 30, solved by two steps of Chebyshev's semi-iteration. So five versions of one thing count about once.
with observed_baskets as (
    select * from interactive.observed_baskets
),

buyers_of_products as (
    select
        product_id,
        count(*) as buyers
    from observed_baskets
    group by product_id
),

product_buyers as (
    -- Numbers in place of ids, in their order: pairs of text would take twice as long to rank.
    select
        cast(row_number() over (order by product_id) as integer) as product_number,
        product_id,
        buyers
    from buyers_of_products
),

common_buyers as (
    select
        owned.product_number,
        other.product_number as neighbor_number,
        common_buyers.buyers_in_common
    from interactive.common_buyers as common_buyers
    inner join product_buyers as owned
        on common_buyers.product_id = owned.product_id
    inner join product_buyers as other
        on common_buyers.neighbor_id = other.product_id
),

similarities as (
    -- Of each pair once: a join keeps one side in memory.
    select
        common_buyers.product_number,
        common_buyers.neighbor_number,
        common_buyers.buyers_in_common,
        cast(
            round(
                1000000 * cast(common_buyers.buyers_in_common as double)
                / sqrt(cast(owned.buyers as double) * cast(other.buyers as double))
            ) as integer
        ) as similarity
    from common_buyers
    inner join product_buyers as owned
        on common_buyers.product_number = owned.product_number
    inner join product_buyers as other
        on common_buyers.neighbor_number = other.product_number
),

both_ways as (
    select
        product_number,
        neighbor_number,
        buyers_in_common,
        similarity
    from similarities
    union all
    select
        neighbor_number as product_number,
        product_number as neighbor_number,
        buyers_in_common,
        similarity
    from similarities
),

closest as (
    select *
    from both_ways
    qualify row_number() over (partition by product_number order by similarity desc, neighbor_number) <= 100
),

most_tellers as (
    -- About a million pairs to weigh, but at least 10 for each product.
    select least(30, greatest(10, floor(1000000 / greatest(1, count(*))))) as most
    from product_buyers
),

ranked_tellers as (
    select
        product_number,
        neighbor_number,
        cast(buyers_in_common as double) as buyers_in_common,
        row_number() over (partition by neighbor_number order by similarity desc, product_number) as teller_rank
    from closest
),

tellers as (
    -- The products that say most of a neighbour.
    select
        ranked_tellers.product_number,
        ranked_tellers.neighbor_number,
        ranked_tellers.buyers_in_common
    from ranked_tellers
    cross join most_tellers
    where ranked_tellers.teller_rank <= most_tellers.most
),

told_twice as (
    -- Buyers in common of two products that say something of the same neighbour, each pair both ways.
    select
        one.neighbor_number,
        one.product_number,
        other.product_number as other_number,
        cast(similarities.buyers_in_common as double) as buyers_in_common
    from tellers as one
    inner join tellers as other
        on one.neighbor_number = other.neighbor_number
    inner join similarities
        on least(one.product_number, other.product_number) = similarities.product_number
        and greatest(one.product_number, other.product_number) = similarities.neighbor_number
),

scales as (
    -- Row sums of the regression's matrix. Whole numbers below 2^53 in doubles: sums are exact in any order.
    select
        neighbor_number,
        product_number,
        sum(buyers_in_common) as buyers_in_common
    from told_twice
    group by neighbor_number, product_number
),

first_weights as (
    -- The steps' sizes are those for a matrix whose values lie between 0.2 and 1, as most do once divided by row sums:
    -- 1 / (0.6 + 0.4 * cos(pi / 4)), and 1 / (0.6 - 0.4 * cos(pi / 4)) for the second.
    select
        tellers.product_number,
        tellers.neighbor_number,
        tellers.buyers_in_common,
        300 + product_buyers.buyers as own_buyers,
        300 + product_buyers.buyers + coalesce(scales.buyers_in_common, 0) as scale,
        round(
            1132700 * tellers.buyers_in_common
            / (300 + product_buyers.buyers + coalesce(scales.buyers_in_common, 0))
        ) as weight
    from tellers
    inner join product_buyers
        on tellers.product_number = product_buyers.product_number
    left join scales
        on tellers.product_number = scales.product_number
        and tellers.neighbor_number = scales.neighbor_number
),

explained as (
    -- How many of the common buyers the first weights of the other products explain, in millionths.
    select
        told_twice.neighbor_number,
        told_twice.product_number,
        sum(told_twice.buyers_in_common * first_weights.weight) as buyers_in_common
    from told_twice
    inner join first_weights
        on told_twice.neighbor_number = first_weights.neighbor_number
        and told_twice.other_number = first_weights.product_number
    group by told_twice.neighbor_number, told_twice.product_number
),

weights as (
    select
        first_weights.product_number,
        first_weights.neighbor_number,
        first_weights.weight
        + round(
            3.1529
            * (
                1000000 * first_weights.buyers_in_common
                - first_weights.own_buyers * first_weights.weight
                - coalesce(explained.buyers_in_common, 0)
            )
            / first_weights.scale
        ) as weight
    from first_weights
    left join explained
        on first_weights.product_number = explained.product_number
        and first_weights.neighbor_number = explained.neighbor_number
),

product_neighbors as (
    select
        owned.product_id,
        other.product_id as neighbor_id,
        closest.similarity,
        cast(coalesce(weights.weight, 0) as integer) as weight
    from closest
    inner join product_buyers as owned
        on closest.product_number = owned.product_number
    inner join product_buyers as other
        on closest.neighbor_number = other.product_number
    left join weights
        on closest.product_number = weights.product_number
        and closest.neighbor_number = weights.neighbor_number
)

select * from product_neighbors
