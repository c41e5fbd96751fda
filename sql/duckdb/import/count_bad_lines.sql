-- One row: how many lines the reader of a file rejected.
select count(distinct line) as bad_lines from reject_errors
