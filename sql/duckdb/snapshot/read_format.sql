-- One row per snapshot: the format that it was built in.
select format
from about.summary
