-- The lines of the orders of `demo_purchases`; one row per line. Three lines in ten are one of the customer's two
-- favourites, the others are drawn from what the style likes at this stage and season. Shares of the order's
-- intended total follow list prices with some spread; prices are whole cents, so the total is what the lines add to.
create or replace temp table demo_baskets as
with kinds as (
    select
        style,
        stage,
        is_high_season,
        row_number() over (order by style, stage, is_high_season) as kind
    from (select distinct style, stage, is_high_season from demo.tastes)
),

-- Lines find their product by one whole number, which the engine looks up at once.
places as (
    select
        cast(kinds.kind * 1000 + tastes.slot as integer) as place,
        tastes.product_id,
        catalog.product_name,
        catalog.product_category,
        cast(catalog.price as double) as price
    from demo.tastes as tastes
    inner join kinds
        on kinds.style = tastes.style
        and kinds.stage = tastes.stage
        and kinds.is_high_season = tastes.is_high_season
    inner join raw.product_catalog as catalog on catalog.product_id = tastes.product_id
),

orders as (
    select
        purchases.random_key,
        purchases.customer_number,
        purchases.order_number,
        purchases.line_count,
        purchases.intended_cents,
        later.kind * 1000 + purchases.favourite_slot_1 as favourite_place_1,
        later.kind * 1000 + purchases.favourite_slot_2 as favourite_place_2,
        kinds.kind * 1000 as first_place
    from demo_purchases as purchases
    inner join kinds
        on kinds.style = purchases.style
        and kinds.stage = purchases.stage
        and kinds.is_high_season = purchases.is_high_season
    inner join kinds as later
        on later.style = purchases.style
        and later.stage = 'later'
        and later.is_high_season = purchases.is_high_season
),

lines as (
    select
        * exclude (line_count),
        unnest(range(1, 1 + line_count)) as line_number
    from orders
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
        places.product_id,
        places.product_name,
        places.product_category,
        case when drawn.product_draw * 1000 % 1 < 0.12 then 2 else 1 end as quantity,
        cast(round(places.price * (80 + 40 * drawn.price_draw)) as bigint) as weight
    from drawn
    inner join places
        on places.place = cast(case
            when drawn.product_draw < 0.2 then drawn.favourite_place_1
            when drawn.product_draw < 0.3 then drawn.favourite_place_2
            else drawn.first_place + cast(floor((drawn.product_draw - 0.3) / 0.7 * 1000) as integer)
        end as integer)
),

baskets as (
    select customer_number, order_number, cast(sum(weight * quantity) as double) as weight
    from chosen
    group by customer_number, order_number
)

select
    chosen.* exclude (intended_cents, weight),
    greatest(1, cast(round(chosen.intended_cents * chosen.weight / baskets.weight) as bigint)) as unit_cents
from chosen
inner join baskets
    on baskets.customer_number = chosen.customer_number and baskets.order_number = chosen.order_number
