-- One row: how many texts of all columns of numbers of a table hold a comma or a point, in how many a point is clearly followed
-- by one or two decimals, and how many a cast alone does not read. Reads written_texts(t).
with number_marks as (
    select
        count_if(contains(t, ',')) as with_comma,
        count_if(contains(t, '.')) as with_point,
        count_if((t[-3] = '.' or t[-2] = '.') and t[-1] between '0' and '9') as with_decimals,
        count_if(try_cast(t as decimal(18, 4)) is null and trim(t) <> '') as not_plain
    from written_texts
)

select * from number_marks
