-- One row: how many lines of the file could not be read.
select count(distinct line) as rejected_lines
from reject_errors
