-- One row per shop table: how many rows it has, and the sums of their two hashes.
create or replace table about.content_sums (
    table_name varchar,
    row_count bigint,
    first_sum hugeint,
    second_sum hugeint
)
