-- The person of a customer id, if a customers file names one; else the customer id.
create temp macro person_of(customer) as case
    when getvariable('has_persons')
        then coalesce((select persons.person_id from staging.persons where persons.customer_id = customer), customer)
    else customer
end
