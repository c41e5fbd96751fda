-- One row: how many rows are labelled 1.
select coalesce(sum(label), 0) as positives
from labelled
