-- One row per customer id, in lower case, that is 0 or one of the variable guest_words: how many rows have it. Value bound:
-- whether any of these words begins with a digit other than 0; else ids that do are skipped, which are nearly all ids of most
-- shops.
with customer_ids as (
    select customer_id
    from staging.orders
    where customer_id is not null
    union all
    select customer_id
    from staging.order_items
    where customer_id is not null
),

counted as (
    select customer_id, count(*) as row_count
    from customer_ids
    where ascii(customer_id) not between 49 and 57 or cast(? as boolean)
    group by customer_id
),

guests as (
    select
        lower(trim(customer_id)) as id,
        cast(sum(row_count) as bigint) as row_count
    from counted
    group by id
)

select * from guests
where id = '0' or (strlen(id) <= 40 and list_contains(getvariable('guest_words'), id))
order by id
