-- One row per line that the reader of a file rejected. Export programs end a file with a line of sums or a remark, which has
-- fewer columns than a row; any other such line is damaged.
-- Values bound: the file's table, its number among the files of that table, and the character that separates its columns.
insert into staging.bad_lines
with parameters as (
    select
        cast(? as varchar) as file_table,
        cast(? as integer) as file_number,
        cast(? as varchar) as delimiter
),

lines as (
    select
        line,
        min(error_type) as error_type,
        min(left(csv_line, 2000)) as content
    from reject_errors
    group by line
)

select
    parameters.file_table,
    parameters.file_number,
    lines.line,
    case
        when lines.error_type <> 'MISSING COLUMNS' then 'damaged line: ' || lower(lines.error_type)
        when says_summary(regexp_extract(lines.content, '^[\s,;|"]*([^,;|"\t\r\n]*)', 1)) then 'summary row'
        when
            not contains(lines.content, parameters.delimiter)
            and regexp_matches(trim(lines.content, chr(13) || chr(10) || ' "'), '\p{L}.*\s|\s.*\p{L}')
            then 'remark'
        else 'damaged line: missing columns'
    end as reason,
    lines.content
from lines
cross join parameters
