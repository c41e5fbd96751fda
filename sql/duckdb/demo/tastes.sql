-- What customers of a style like to buy: one row per (style, stage, season, slot). A line of a basket draws one of the
-- 1,000 slots, so a product's share of the slots is its probability. Weights multiply three tastes: the style's for
-- the product, the stage's for the category (gear first, then what goes with it, then accessories), the season's.
create table demo.tastes as
with styles as (
    select *
    from (
        values
            ('powder_skier', [220, 50, 1, 2, 220, 2, 180, 160, 1, 150]),
            ('piste_skier', [40, 220, 1, 1, 220, 1, 200, 120, 1, 190]),
            ('freestyle_boarder', [1, 1, 230, 40, 1, 220, 1, 150, 220, 140]),
            ('freeride_boarder', [4, 1, 40, 230, 2, 220, 1, 190, 220, 110]),
            ('all_rounder', [90, 110, 60, 90, 130, 110, 80, 140, 90, 110])
    ) as style (style, product_weights)
),

stages as (
    select *
    from (
        values
            ('first', 'Skis', 30), ('first', 'Snowboards', 30), ('first', 'Boots', 15), ('first', 'Accessories', 6),
            ('second', 'Skis', 12), ('second', 'Snowboards', 12), ('second', 'Boots', 22), ('second', 'Accessories', 12),
            ('later', 'Skis', 6), ('later', 'Snowboards', 6), ('later', 'Boots', 8), ('later', 'Accessories', 15)
    ) as stage (stage, product_category, stage_weight)
),

seasons as (
    select *
    from (
        values
            (true, 'Skis', 10), (true, 'Snowboards', 10), (true, 'Boots', 10), (true, 'Accessories', 13),
            (false, 'Skis', 14), (false, 'Snowboards', 14), (false, 'Boots', 10), (false, 'Accessories', 8)
    ) as season (is_high_season, product_category, season_weight)
),

weights as (
    select
        styles.style,
        stages.stage,
        seasons.is_high_season,
        catalog.product_id,
        cast(styles.product_weights[catalog.product_id - 1000] * stages.stage_weight * seasons.season_weight as bigint)
            as weight
    from raw.product_catalog as catalog
    inner join stages on stages.product_category = catalog.product_category
    inner join seasons on seasons.product_category = catalog.product_category
    cross join styles
),

cumulated as (
    select
        style,
        stage,
        is_high_season,
        product_id,
        sum(weight) over (partition by style, stage, is_high_season order by product_id) as weight_to,
        sum(weight) over (partition by style, stage, is_high_season order by product_id) - weight as weight_from,
        sum(weight) over (partition by style, stage, is_high_season) as weight_of_all
    from weights
)

select
    cumulated.style,
    cumulated.stage,
    cumulated.is_high_season,
    cast(slots.slot as integer) as slot,
    cumulated.product_id
from cumulated
inner join range(1000) as slots (slot)
    on slots.slot * cumulated.weight_of_all >= 1000 * cumulated.weight_from
    and slots.slot * cumulated.weight_of_all < 1000 * cumulated.weight_to
