-- At most one row: the currency of most orders of the log.
select upper(trim(currency)) as currency
from ingest.orders
where trim(currency) <> ''
group by upper(trim(currency))
order by count(*) desc, upper(trim(currency))
limit 1
