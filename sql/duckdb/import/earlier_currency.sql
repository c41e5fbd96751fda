-- The currency of the previous snapshot, one row; none if it is not known.
select currency
from earlier.raw.currency
