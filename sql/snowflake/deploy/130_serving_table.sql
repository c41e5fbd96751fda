-- A table that models and recommendations are computed from, by the very statement that builds it elsewhere, as of the
-- day of the last order. That day moves all rows, so the warehouse chooses how to refresh it.
create or replace dynamic table blank_object
target_lag = '1 hour'
warehouse = blank_warehouse
refresh_mode = auto
comment = blank_mark
as
blank_statement
