-- One row: how many texts of all columns of numbers of a table hold a comma or a point, in how many a point is clearly followed
-- by one or two decimals, or by four and more, and how many a cast alone does not read, which nearly all are read by. Reads
-- written_texts(t).
with marks as (
    select
        t,
        try_cast(t as decimal(18, 4)) is not null as is_plain,
        instr(t, '.') as point
    from written_texts
    where t is not null
),

number_marks as (
    select
        count_if(case when is_plain then false else contains(t, ',') end) as with_comma,
        count_if(point > 0) as with_point,
        count_if(is_plain and point > 0 and length(t) - point between 1 and 2) as with_decimals,
        count_if(
            case
                when is_plain and point > 0 and length(t) - point > 3
                    then regexp_full_match(t, '[-+]?\d+\.\d{4,}')
                else false
            end
        ) as with_long_decimals,
        count_if(case when is_plain then false else trim(t) <> '' end) as not_plain
    from marks
)

select * from number_marks
