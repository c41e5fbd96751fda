-- One row: the order that stands for those of the lines to count anew.
select
    1 as order_id,
    timestamp '1970-01-01' as order_date
