-- One row per file: which of a table's row numbers are its own, how many lines come before its header, and whether each of
-- its rows is one line.
create table staging.files (
    file_table varchar,
    file_number integer,
    file_name varchar,
    rows_before bigint,
    row_count bigint,
    lines_before_header bigint,
    has_one_line_rows boolean
)
