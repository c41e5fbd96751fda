-- Attributes that the import kept: one row per attribute, by attribute.
with customer_attributes as (
    select * from raw.customer_attributes
),

known_attributes as (
    select distinct attribute from customer_attributes
)

select * from known_attributes
order by attribute
