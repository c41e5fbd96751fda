-- Products that a text means: one row per product of the best kind of match, by product_id.
-- Values: the text. An id is better than a name, a name than a category, all of them better than a part of a name or category.
with parameters as (
    select lower(cast(? as varchar)) as wanted
),

product_statistics as (
    select * from interactive.product_statistics
),

matches as (
    select
        product_statistics.product_id,
        case
            when lower(cast(product_statistics.product_id as varchar)) = parameters.wanted then 1
            when lower(product_statistics.product_name) = parameters.wanted then 2
            when lower(product_statistics.product_category) = parameters.wanted then 3
            when contains(lower(product_statistics.product_name), parameters.wanted) then 4
            when contains(lower(product_statistics.product_category), parameters.wanted) then 4
        end as kind
    from product_statistics
    cross join parameters
),

best_kind as (
    select min(kind) as kind from matches
),

products_matching as (
    select matches.product_id
    from matches
    inner join best_kind on matches.kind = best_kind.kind
)

select * from products_matching
order by product_id
