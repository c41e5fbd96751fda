-- One row: how many rows were staged.
select count(*) as staged_rows
from staged
