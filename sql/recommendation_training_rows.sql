-- Features with what came after them: one row a chosen customer and candidate product, by both ids.
-- Values: the cutoff date, the horizon in days, the share of pairs not bought to keep, as four hex digits: those
-- whose MD5 begins below it are kept (the same ones every time), and 'g' keeps all.
-- Reads the relation recommendation_features as of the cutoff. is_purchased = the customer ordered the product on
-- the days (cutoff, cutoff + horizon].
with parameters as (
    select
        cast(? as date) as cutoff_date,
        cast(? as integer) as horizon_days,
        cast(? as varchar) as kept_below
),

orders as (
    select * from raw.orders
),

order_items as (
    select * from raw.order_items
),

later_purchases as (
    select distinct
        orders.customer_id,
        order_items.product_id
    from orders
    cross join parameters
    inner join order_items
        on orders.order_id = order_items.order_id
    where cast(orders.order_date as date) > parameters.cutoff_date
        and cast(orders.order_date as date) <= parameters.cutoff_date + parameters.horizon_days
),

labelled_rows as (
    select
        recommendation_features.*,
        case when later_purchases.customer_id is null then 0 else 1 end as is_purchased
    from recommendation_features
    left join later_purchases
        on recommendation_features.customer_id = later_purchases.customer_id
        and recommendation_features.product_id = later_purchases.product_id
),

recommendation_training_rows as (
    select labelled_rows.*
    from labelled_rows
    cross join parameters
    where labelled_rows.is_purchased = 1
        or substr(
            md5(cast(labelled_rows.customer_id as varchar) || '|' || cast(labelled_rows.product_id as varchar)),
            1, 4
        ) < parameters.kept_below
)

select * from recommendation_training_rows
order by customer_id, product_id
