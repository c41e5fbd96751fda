-- One row per order id that two customers use on the same day, at most four, in order of the id: that is one order of which
-- rows contradict each other.
with conflicting as (
    select distinct one.order_id
    from staging.order_uses as one
    inner join staging.order_uses as other
        on
            other.order_id = one.order_id
            and other.customer_id <> one.customer_id
            and cast(other.first_date as date) <= cast(one.last_date as date)
            and cast(other.last_date as date) >= cast(one.first_date as date)
    order by one.order_id
    limit 4
)

select * from conflicting
