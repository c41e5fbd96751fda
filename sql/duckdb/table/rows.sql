-- One row per customer of an imported table, by id.
-- Values: the Parquet file.
select *
from read_parquet(?)
order by id
