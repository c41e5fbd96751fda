-- One row: how many weights are no number of 0 or more, the first of them, and the sum of all. Reads
-- staged_weights(row_number, written, weight).
with judged as (
    select
        *,
        weight is null or weight < 0 as is_unusable
    from staged_weights
)

select
    count_if(is_unusable) as unusable,
    arg_min(coalesce(written, ''), row_number) filter (is_unusable) as example,
    min(row_number) filter (is_unusable) as row_number,
    sum(weight) as total
from judged
