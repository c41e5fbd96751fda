-- One row per listed customer who is in the table of customers, with name and email, by customer_id.
-- Values: none. Reads the relation listed_customers (customer_id as text), which the caller puts before it.
with customers as (
    select
        cast(customer_id as varchar) as customer_id,
        first_name,
        last_name,
        email
    from raw.customers
),

listed as (
    select
        customers.customer_id,
        customers.first_name,
        customers.last_name,
        customers.email
    from customers
    inner join listed_customers on customers.customer_id = listed_customers.customer_id
    -- A table outside our import may hold a customer twice.
    qualify row_number() over (
        partition by customers.customer_id
        order by customers.email, customers.last_name, customers.first_name
    ) = 1
)

select * from listed
order by customer_id
