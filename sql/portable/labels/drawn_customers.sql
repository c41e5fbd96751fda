-- Whose history as of an earlier day is read: one row per customer, of those with an order by then. They are the first ones when
-- sorted by the MD5 of their id: those who are taught, and those of whom products bought together are counted.
-- Values: the as-of date, how many customers are taught, at most, and of how many with a product such products are counted.
-- Reads interactive.customer_order_analytics and interactive.purchased_pairs as of today.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as integer) as taught,
        cast(? as integer) as observed
),

owners as (
    select distinct purchased_pairs.customer_id
    from interactive.purchased_pairs as purchased_pairs
    cross join parameters
    where cast(purchased_pairs.first_order_date as date) <= parameters.as_of_date
),

known_customers as (
    select
        analytics.customer_id,
        case when owners.customer_id is null then 0 else 1 end as is_owner
    from interactive.customer_order_analytics as analytics
    cross join parameters
    left join owners
        on analytics.customer_id = owners.customer_id
    where cast(analytics.first_order_date as date) <= parameters.as_of_date
),

positions as (
    select
        customer_id,
        is_owner,
        row_number() over (
            order by md5(cast(customer_id as varchar)), customer_id
        ) as customer_position,
        sum(is_owner) over (
            order by md5(cast(customer_id as varchar)), customer_id
            rows between unbounded preceding and current row
        ) as owner_position
    from known_customers
)

select positions.customer_id
from positions
cross join parameters
where positions.customer_position <= parameters.taught
    or (positions.is_owner = 1 and positions.owner_position <= parameters.observed)
