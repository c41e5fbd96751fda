-- Customers by a column of the table of customers: one row per customer, by customer_id.
-- Values: the column's name, and its value in any case.
with parameters as (
    select
        cast(? as varchar) as wanted_column,
        lower(cast(? as varchar)) as wanted
),

customers as (
    select * from raw.customers
),

customers_with_column as (
    select distinct customers.customer_id
    from customers
    cross join parameters
    where parameters.wanted = lower(
        case parameters.wanted_column
            when 'city' then customers.city
            when 'state' then customers.state
            when 'zip_code' then customers.zip_code
            when 'customer_segment' then customers.customer_segment
        end
    )
)

select * from customers_with_column
order by customer_id
