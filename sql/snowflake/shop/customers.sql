-- One row per customer of a warehouse with an id. One that occurs again is the same, of which the newest row counts.
select customers.*
from blank_customers as customers
where customers.customer_id is not null
qualify row_number() over (
    partition by customers.customer_id
    order by
        customers.registration_date desc nulls last, customers.email nulls last, customers.first_name nulls last,
        customers.last_name nulls last, customers.phone nulls last
) = 1
