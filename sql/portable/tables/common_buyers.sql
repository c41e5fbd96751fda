-- How many observed customers own two products: one row per pair of products with at least two common buyers, by both ids;
-- product_id is the lower one. Reads interactive.observed_baskets, built as of the same day.
-- Whole numbers, so that customers can be added and taken away again without a difference.
with observed_baskets as (
    select * from interactive.observed_baskets
),

baskets as (
    -- Numbers in place of ids, in their order: pairs of text would take twice as long to count.
    select
        cast(dense_rank() over (order by customer_id) as integer) as customer_number,
        cast(dense_rank() over (order by product_id) as integer) as product_number,
        product_id
    from observed_baskets
),

products as (
    select distinct
        product_number,
        product_id
    from baskets
),

pairs_0 as (
    -- A quarter of the pairs at a time: most have one buyer in common, and all at once would be a gigabyte in a shop of
    -- 100,000 products. The counts of a quarter are let go before the next begins, because the next waits for their number.
    select
        owned.product_number,
        other.product_number as neighbor_number,
        count(*) as buyers_in_common
    from baskets as owned
    inner join baskets as other
        on owned.customer_number = other.customer_number
        and owned.product_number < other.product_number
    where owned.product_number % 4 = 0
    group by owned.product_number, other.product_number
    having count(*) >= 2
),

pairs_1 as (
    select
        owned.product_number,
        other.product_number as neighbor_number,
        count(*) as buyers_in_common
    from baskets as owned
    inner join baskets as other
        on owned.customer_number = other.customer_number
        and owned.product_number < other.product_number
    cross join (select count(*) as pairs from pairs_0) as counted_before
    where owned.product_number % 4 = 1
        and counted_before.pairs >= 0
    group by owned.product_number, other.product_number
    having count(*) >= 2
),

pairs_2 as (
    select
        owned.product_number,
        other.product_number as neighbor_number,
        count(*) as buyers_in_common
    from baskets as owned
    inner join baskets as other
        on owned.customer_number = other.customer_number
        and owned.product_number < other.product_number
    cross join (select count(*) as pairs from pairs_1) as counted_before
    where owned.product_number % 4 = 2
        and counted_before.pairs >= 0
    group by owned.product_number, other.product_number
    having count(*) >= 2
),

pairs_3 as (
    select
        owned.product_number,
        other.product_number as neighbor_number,
        count(*) as buyers_in_common
    from baskets as owned
    inner join baskets as other
        on owned.customer_number = other.customer_number
        and owned.product_number < other.product_number
    cross join (select count(*) as pairs from pairs_2) as counted_before
    where owned.product_number % 4 = 3
        and counted_before.pairs >= 0
    group by owned.product_number, other.product_number
    having count(*) >= 2
),

numbered_pairs as (
    select * from pairs_0
    union all
    select * from pairs_1
    union all
    select * from pairs_2
    union all
    select * from pairs_3
),

common_buyers as (
    select
        owned.product_id,
        other.product_id as neighbor_id,
        numbered_pairs.buyers_in_common
    from numbered_pairs
    inner join products as owned
        on numbered_pairs.product_number = owned.product_number
    inner join products as other
        on numbered_pairs.neighbor_number = other.product_number
)

select * from common_buyers
