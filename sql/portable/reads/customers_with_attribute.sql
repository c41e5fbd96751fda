-- Customers with an attribute that the import kept: one row per customer, by customer_id.
-- Values: the attribute's name in lower case, and its value in any case.
with parameters as (
    select
        cast(? as varchar) as attribute,
        lower(cast(? as varchar)) as wanted
),

customer_attributes as (
    select * from raw.customer_attributes
),

customers_with_attribute as (
    select distinct customer_attributes.customer_id
    from customer_attributes
    inner join parameters
        on customer_attributes.attribute = parameters.attribute
        and lower(customer_attributes.value) = parameters.wanted
)

select * from customers_with_attribute
order by customer_id
