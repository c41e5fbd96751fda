insert into staging.persons
select customer_id, person_id
from earlier.raw.persons
where customer_id not in (select customer_id from staging.persons)
