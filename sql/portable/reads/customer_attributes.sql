-- What the import kept of each customer, such as the country: one row per customer and attribute, by both.
-- Values: the day, and the name of the attribute wanted (null for all). One that changed has its latest value of the day.
with parameters as (
    select
        cast(? as date) as as_of_date,
        cast(? as varchar) as wanted
),

customer_attributes as (
    select * from raw.customer_attributes
),

latest as (
    select
        customer_attributes.customer_id,
        customer_attributes.attribute,
        customer_attributes.value
    from customer_attributes
    cross join parameters
    where
        (parameters.wanted is null or customer_attributes.attribute = parameters.wanted)
        and (
            customer_attributes.order_date is null
            or cast(customer_attributes.order_date as date) <= parameters.as_of_date
        )
    qualify row_number() over (
        partition by customer_attributes.customer_id, customer_attributes.attribute
        order by customer_attributes.order_date desc nulls last, customer_attributes.value
    ) = 1
)

select * from latest
order by customer_id, attribute
