-- One row: what the import counted, as JSON.
select summary
from about.summary
