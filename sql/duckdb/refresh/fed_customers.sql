-- One row per new customer of the log as an import reads it.
with fed as (
    select * replace (try_cast(left(registration_date, 10) as date) as registration_date)
    from log_new_customers
)

select * from fed
order by customer_id
