-- One row per pair of products whose number of common buyers changed and is at least two now, as
-- sql/portable/tables/common_buyers.sql gives it. A pair that had fewer is counted anew: one or none are not told apart.
with baskets as (
    select * from whole.interactive.observed_baskets
),

buyers as (
    select
        product_id,
        count(*) as buyers
    from baskets
    group by product_id
),

new_pairs as (
    -- The buyers of the rarer product are looked through.
    select
        changed.product_id,
        changed.neighbor_id,
        case when owned.buyers <= other.buyers then changed.product_id else changed.neighbor_id end as rarer_id,
        case when owned.buyers <= other.buyers then changed.neighbor_id else changed.product_id end as commoner_id
    from changed_common_buyers as changed
    inner join buyers as owned on owned.product_id = changed.product_id
    inner join buyers as other on other.product_id = changed.neighbor_id
    where changed.buyers_in_common is null and changed.change > 0
),

counted as (
    select
        new_pairs.product_id,
        new_pairs.neighbor_id,
        count(*) as buyers_in_common
    from new_pairs
    inner join baskets as rarer on rarer.product_id = new_pairs.rarer_id
    inner join baskets as commoner
        on commoner.customer_id = rarer.customer_id and commoner.product_id = new_pairs.commoner_id
    group by new_pairs.product_id, new_pairs.neighbor_id
),

now as (
    select * from counted
    union all
    select
        product_id,
        neighbor_id,
        buyers_in_common + change as buyers_in_common
    from changed_common_buyers
    where buyers_in_common is not null
)

select * from now
where buyers_in_common >= 2
