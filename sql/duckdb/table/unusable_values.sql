-- One row: how many values can be used, how many cells are neither a number nor missing, and the first of those. Reads
-- staged_values(row_number, written, is_missing, value).
with judged as (
    select
        *,
        value is null and written is not null and not is_missing as is_unusable
    from staged_values
)

select
    count_if(is_unusable) as unusable,
    arg_min(written, row_number) filter (is_unusable) as example,
    min(row_number) filter (is_unusable) as row_number,
    count_if(value is not null) as usable
from judged
