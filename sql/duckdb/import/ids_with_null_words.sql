-- One row: whether any id that is staged is a word for none, such as NULL or n/a. No such word begins or ends with a digit.
with ids as (
    select order_id as one, customer_id as other
    from staging.orders
    union all
    select order_id, product_id
    from staging.order_items
    union all
    select customer_id, order_item_id
    from staging.order_items
    where customer_id is not null or order_item_id is not null
    union all
    select customer_id, person_id
    from staging.customers
    union all
    select product_id, null
    from staging.product_catalog
),

words as (
    select 1 as found
    from ids
    where
        (ascii(one) not between 48 and 57 and strlen(one) <= 20 and one[-1] not between '0' and '9' and says_missing(trim(one)))
        or (
            ascii(other) not between 48 and 57 and strlen(other) <= 20 and other[-1] not between '0' and '9'
            and says_missing(trim(other))
        )
    limit 1
)

select count(*) > 0 as any_word from words
