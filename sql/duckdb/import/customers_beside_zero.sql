-- One row: what the ids of the customers in orders and lines look like, apart from the customer 0. All counts are 0 if there
-- is none.
with customer_ids as (
    select customer_id
    from staging.orders
    where customer_id is not null
    union all
    select customer_id
    from staging.order_items
    where customer_id is not null
),

others as (
    select
        trim(customer_id) as id,
        count(*) as order_count
    from customer_ids
    group by id
),

others_beside_zero as (
    select
        count(*) as other_customers,
        coalesce(bool_and(regexp_full_match(id, '[1-9]\d{0,14}')), false) as others_are_numbers,
        coalesce(max(try_cast(id as double)), 0) as greatest_id,
        coalesce(max(order_count), 0) as most_orders
    from others
    where id not in ('', '0') and not says_missing(id)
)

select * from others_beside_zero
