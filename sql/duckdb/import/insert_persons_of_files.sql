-- Adds one row per id of the persons of the previous snapshot whom the files name, by any of their ids.
with named as (
    select customer_id_of(customer_id) as id from staging.orders
    union
    select customer_id_of(customer_id) from staging.order_items
    union
    select customer_id_of(customer_id) from staging.customers
)

insert into staging.persons
select customer_id, person_id
from earlier.raw.persons
where
    customer_id not in (select persons.customer_id from staging.persons)
    and (
        customer_id in (select named.id from named where named.id is not null)
        or person_id in (select named.id from named where named.id is not null)
    )
