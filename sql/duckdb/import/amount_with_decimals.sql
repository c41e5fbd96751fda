-- One row: an amount that ends in one or two decimals, NULL if none does; 1250.0 is a whole number that a program wrote. Reads
-- written_texts(t).
select min(cast(t as varchar)) as example
from written_texts
where regexp_matches(cast(t as varchar), '[.,]([1-9]|\d{2})\D*$')
