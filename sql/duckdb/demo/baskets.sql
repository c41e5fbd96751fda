-- The lines of the orders of `demo_purchases`; one row per line. Three lines in ten are one of the customer's two
-- favourites, the others are drawn from what the style likes at this stage and season. Shares of the order's
-- intended total follow list prices with some spread; prices are whole cents, so the total is what the lines add to.
create or replace temp table demo_baskets as
with lines as (
    select
        *,
        unnest(range(1, 1 + line_count)) as line_number
    from demo_purchases
),

drawn as (
    select
        *,
        demo_random(random_key, 12, order_number * 16 + line_number) as product_draw,
        demo_random(random_key, 13, order_number * 16 + line_number) as price_draw
    from lines
),

chosen as (
    select
        drawn.customer_number,
        drawn.order_number,
        drawn.line_number,
        drawn.intended_cents,
        tastes.product_id,
        catalog.product_name,
        catalog.product_category,
        case when drawn.product_draw * 1000 % 1 < 0.12 then 2 else 1 end as quantity,
        cast(round(cast(catalog.price as double) * (80 + 40 * drawn.price_draw)) as bigint) as weight
    from drawn
    inner join demo.tastes as tastes
        on tastes.style = drawn.style
        and tastes.stage = case when drawn.product_draw < 0.3 then 'later' else drawn.stage end
        and tastes.is_high_season = drawn.is_high_season
        and tastes.slot = case
            when drawn.product_draw < 0.2 then drawn.favourite_slot_1
            when drawn.product_draw < 0.3 then drawn.favourite_slot_2
            else cast(floor((drawn.product_draw - 0.3) / 0.7 * 1000) as integer)
        end
    inner join raw.product_catalog as catalog on catalog.product_id = tastes.product_id
)

select
    * exclude (intended_cents, weight),
    greatest(1, cast(round(
        intended_cents * weight
        / cast(sum(weight * quantity) over (partition by customer_number, order_number) as double)
    ) as bigint)) as unit_cents
from chosen
