-- One row: how many customers' ids have a person.
select count(*) as persons
from staging.persons
