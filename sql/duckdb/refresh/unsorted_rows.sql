-- At most one row: how many rows stood unsorted at the end of a table.
select amount
from whole.about.growth
where table_name = ?
