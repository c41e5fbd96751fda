-- One row per row of a file that is not used: table, line, reason and content.
with contents as (
    select 'orders' as file_table, row_number, cast(to_json(source) as varchar) as content
    from staging.orders_as_text as source
    union all
    select 'order_items', row_number, cast(to_json(source) as varchar)
    from staging.order_items_as_text as source
    union all
    select 'customers', row_number, cast(to_json(source) as varchar)
    from staging.customers_as_text as source
    union all
    select 'product_catalog', row_number, cast(to_json(source) as varchar)
    from staging.product_catalog_as_text as source
),

-- JSON has no line ends and no other control characters but one; nearly all is plain ASCII without a double space, and to see
-- that takes a fifth of the time of cleaning.
rejected as (
    select
        rejects.file_table,
        rejects.row_number,
        rejects.reason,
        case
            when
                strlen(contents.content) <= 2000
                and strlen(contents.content) = length(contents.content)
                and not contains(contents.content, '  ')
                and not contains(contents.content, chr(127))
                then contents.content
            else clean_text(contents.content, 2000)
        end as content
    from staging.rejects
    inner join contents on contents.file_table = rejects.file_table and contents.row_number = rejects.row_number
),

-- A bad line's own number is known; so is how many good rows come before it in its file, apart from the header.
bad_lines as (
    select
        bad_lines.file_table,
        bad_lines.file_number,
        line - files.lines_before_header - 1
        - row_number() over (partition by bad_lines.file_table, bad_lines.file_number order by line) as rows_before,
        line,
        bad_lines.reason,
        clean_text(bad_lines.content, 2000) as content
    from staging.bad_lines
    inner join staging.files
        on files.file_table = bad_lines.file_table and files.file_number = bad_lines.file_number
),

rejected_rows as (
    select file_table, row_number, reason, content from rejected
    union all
    select file_table, row_number, reason, clean_text(content, 2000) from staging.no_records
),

-- Row numbers count on over the files of a table; here each file's rows begin with 1.
rows_of_files as (
    select
        rejected_rows.file_table,
        files.file_number,
        rejected_rows.row_number - files.rows_before as row_number,
        rejected_rows.reason,
        rejected_rows.content
    from rejected_rows
    inner join staging.files
        on
            files.file_table = rejected_rows.file_table
            and rejected_rows.row_number > files.rows_before
            and rejected_rows.row_number <= files.rows_before + files.row_count
),

placed as (
    select
        file_table,
        file_number,
        row_number,
        cast(null as bigint) as line,
        0 as is_bad_line,
        row_number as position,
        reason,
        content
    from rows_of_files
    union all
    select
        file_table,
        file_number,
        null,
        line,
        1,
        rows_before + 0.5,
        reason,
        content
    from bad_lines
),

-- Few files have bad lines.
counted as (
    select
        placed.*,
        sum(placed.is_bad_line) over (
            partition by placed.file_table, placed.file_number
            order by placed.position
            rows between unbounded preceding and current row
        ) as bad_lines_before
    from placed
    where (placed.file_table, placed.file_number) in (select (file_table, file_number) from bad_lines)
    union all
    select placed.*, 0
    from placed
    where (placed.file_table, placed.file_number) not in (select (file_table, file_number) from bad_lines)
),

-- In a file without line ends inside its values, a row's line follows from the bad lines before it.
numbered as (
    select
        counted.file_table,
        counted.file_number,
        files.file_name,
        case
            when counted.line is not null then counted.line
            when files.has_one_line_rows
                then counted.row_number + files.lines_before_header + 1 + counted.bad_lines_before
        end as line,
        counted.row_number,
        counted.reason,
        counted.content
    from counted
    left join staging.files on files.file_table = counted.file_table and files.file_number = counted.file_number
)

select
    file_table,
    file_number,
    spreadsheet_text(file_name) as file,
    line,
    row_number as row,
    reason,
    spreadsheet_text(content) as content
from numbered
