-- One row per customer's id in the files whose person is known: some shops give people a new id with every order.
create table raw.persons (customer_id varchar, person_id varchar)
