-- One row per row of a file that holds no record of the shop, and why: a blank row, the header once more, a sum, a remark.
create table staging.no_records (
    file_table varchar,
    file_number integer,
    row_number bigint,
    reason varchar,
    content varchar
)
