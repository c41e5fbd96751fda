-- One row: how many texts of a column hold a comma or a point, and in how many a point is clearly followed by one or two
-- decimals. Reads written_texts(t).
with number_marks as (
    select
        count_if(contains(t, ',')) as with_comma,
        count_if(contains(t, '.')) as with_point,
        count_if((t[-3] = '.' or t[-2] = '.') and t[-1] between '0' and '9') as with_decimals
    from written_texts
)

select * from number_marks
