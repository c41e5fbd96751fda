-- Name and email of one customer: one row, or none where the customer is not in the table of customers.
-- Values: the customer's id as text.
with parameters as (
    select cast(? as varchar) as customer_id
),

customers as (
    select
        customer_id,
        first_name,
        last_name,
        email
    from raw.customers
),

chosen as (
    select
        customers.first_name,
        customers.last_name,
        customers.email
    from customers
    inner join parameters on cast(customers.customer_id as varchar) = parameters.customer_id
)

select * from chosen
order by email
