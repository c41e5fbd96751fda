-- One row: customers whose value in another column is known, and how many different values these are. Reads person_texts.
with known as (
    select
        customer_key(trim(customer)) as customer,
        customer_key(trim(person)) as person
    from person_texts
    where not says_missing(trim(customer)) and not says_missing(trim(person))
),

persons_of_customers as (
    select
        count(distinct customer) as customers,
        count(distinct person) as persons
    from known
)

select * from persons_of_customers
