-- One row: what the previous snapshot counted, as JSON.
select summary
from earlier.about.summary
