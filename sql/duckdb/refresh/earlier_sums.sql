-- One row per shop table of the previous snapshot: the sums of its content.
select
    table_name,
    row_count as rows,
    first_sum as first,
    second_sum as second
from earlier.about.content_sums
