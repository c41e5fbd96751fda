-- One row: orders that count, those of them whose customer's person is not known, and the first such customer. No order
-- is without one if no file, this time or earlier, says who the persons are.
with counted as (
    select customer_id
    from staging.checked_orders
    where reason is null
),

persons as (
    select distinct person_id
    from staging.persons
)

select
    count(*) as orders,
    count_if(person_id is null and getvariable('has_persons')) as without_person,
    cast(min(case when person_id is null then customer_id end) as varchar) as example
from counted
left join persons on persons.person_id = counted.customer_id
