-- One row per customer's id whose person is known: shops give some people a new id with every order.
with persons as (
    select
        customer_id_of(customer_id) as customer_id,
        min(customer_id_of(person_id)) as person_id
    from staging.customers
    where customer_id_of(person_id) is not null and customer_id_of(customer_id) is not null
    group by 1
)

select * from persons
