-- One row: how many texts of a column of ids have a sign of several written forms. Reads written_texts(t).
with id_marks as (
    select
        count_if(contains(t, '.0')) as with_point,
        count_if(starts_with(ltrim(t), '0')) as with_zero,
        count_if(contains(t, 'E+') or contains(t, 'e+')) as with_plus
    from written_texts
)

select * from id_marks
