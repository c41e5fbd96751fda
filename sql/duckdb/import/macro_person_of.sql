-- Who stands behind a customer's id, where a file of customers says so; else the customer.
create temp macro person_of(customer) as case
    when getvariable('has_persons')
        then coalesce((select persons.person_id from staging.persons where persons.customer_id = customer), customer)
    else customer
end
