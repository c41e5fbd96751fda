-- One row: how often the customer 0 stands in orders or lines, and what the other customers' ids look like.
with customer_ids as (
    select trim(customer_id) as id
    from staging.orders
    union all
    select trim(customer_id)
    from staging.order_items
),

zero as (
    select count(*) as zero_orders
    from customer_ids
    where id = '0'
),

-- All counts are 0 if no customer has the id 0.
others as (
    select id, count(*) as order_count
    from customer_ids
    where id <> '0' and id <> '' and not says_missing(id) and (select zero_orders from zero) > 0
    group by id
),

other_counts as (
    select
        count(*) as other_customers,
        coalesce(bool_and(regexp_full_match(id, '[1-9]\d{0,14}')), false) as others_are_numbers,
        coalesce(max(try_cast(id as double)), 0) as greatest_id,
        coalesce(max(order_count), 0) as most_orders
    from others
)

select * from zero
cross join other_counts
