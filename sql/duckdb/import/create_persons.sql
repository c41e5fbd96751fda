-- One row per customer's id whose person is known: shops give some people a new id with every order.
create table staging.persons (customer_id varchar, person_id varchar)
