-- One row per table with rows that stand unsorted at its end, and one for the file: its bytes when it began to grow.
create table if not exists whole.about.growth (table_name varchar, amount bigint)
