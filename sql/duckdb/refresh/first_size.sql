-- One row: the bytes of the file when it began to grow.
select amount
from whole.about.growth
where table_name = 'file'
