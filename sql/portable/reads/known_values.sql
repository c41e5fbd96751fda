-- What is known of customers by one attribute: one row per value, the wanted one first, then by customers, then by value.
-- Values: the attribute's name in lower case (also a column of the table of customers), the wanted value in any case.
with parameters as (
    select
        cast(? as varchar) as attribute,
        lower(cast(? as varchar)) as wanted
),

customer_attributes as (
    select * from raw.customer_attributes
),

customers as (
    select * from raw.customers
),

customer_values as (
    select customer_attributes.value
    from customer_attributes
    inner join parameters
        on customer_attributes.attribute = parameters.attribute
    union all
    select
        case parameters.attribute
            when 'city' then customers.city
            when 'state' then customers.state
            when 'zip_code' then customers.zip_code
            when 'customer_segment' then customers.customer_segment
        end as value
    from customers
    cross join parameters
),

known_values as (
    select
        value,
        count(*) as customers
    from customer_values
    where value is not null
    group by value
)

select
    known_values.value,
    cast(case when lower(known_values.value) = parameters.wanted then 1 else 0 end as integer) as is_wanted
from known_values
cross join parameters
order by is_wanted desc, known_values.customers desc, known_values.value
limit 200
