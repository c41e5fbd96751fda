-- Features with what came after them: one row per chosen customer and candidate product, by both ids.
-- Values: the cutoff date, the horizon in days, four hex digits, whether to return all rows (1) or only those kept.
-- Reads the relation recommendation_features as of the cutoff, which the caller puts before it.
-- is_purchased = the customer ordered the product on the days (cutoff, cutoff + horizon].
-- is_kept = a row to learn from: all pairs bought, and of the others those whose MD5 is below the hex digits, the
-- same ones every time ('g' is above them all).
with parameters as (
    select
        cast(? as date) as cutoff_date,
        cast(? as integer) as horizon_days,
        cast(? as varchar) as kept_below,
        cast(? as integer) as return_all
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
        case when later_purchases.customer_id is null then 0 else 1 end as is_purchased,
        case
            when later_purchases.customer_id is not null then 1
            when substr(
                md5(
                    cast(recommendation_features.customer_id as varchar)
                    || '|' || cast(recommendation_features.product_id as varchar)
                ),
                1, 4
            ) < parameters.kept_below then 1
            else 0
        end as is_kept
    from recommendation_features
    cross join parameters
    left join later_purchases
        on recommendation_features.customer_id = later_purchases.customer_id
        and recommendation_features.product_id = later_purchases.product_id
)

select labelled_rows.*
from labelled_rows
cross join parameters
where labelled_rows.is_kept = 1
    or parameters.return_all = 1
order by labelled_rows.customer_id, labelled_rows.product_id
