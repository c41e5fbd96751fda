-- One row per line of a file that is no row: too few or too many columns, or an unclosed quote.
create table staging.bad_lines (
    file_table varchar,
    file_number integer,
    line bigint,
    reason varchar,
    content varchar
)
