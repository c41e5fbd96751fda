-- One row per customer in the table of customers, with what is needed to write to them, by customer_id.
-- Values: none.
with customers as (
    select
        customer_id,
        first_name,
        last_name,
        email,
        phone
    from raw.customers
    -- A table outside our import may hold a customer twice.
    qualify row_number() over (
        partition by customer_id
        order by email, last_name, first_name, phone
    ) = 1
)

select * from customers
order by customer_id
