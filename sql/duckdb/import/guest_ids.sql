-- One row per customer id that is one of the variable guest_words: how many rows have it.
with customer_ids as (
    select lower(trim(customer_id)) as id
    from staging.orders
    where customer_id is not null
    union all
    select lower(trim(customer_id))
    from staging.order_items
    where customer_id is not null
),

guests as (
    select id, count(*) as row_count
    from customer_ids
    where strlen(id) <= 40 and list_contains(getvariable('guest_words'), id)
    group by id
)

select * from guests
order by id
