-- A cell of a column with decimal commas as a number, with thousands in groups by points; null where it is none.
create temp macro comma_number_of(t) as (
    case
        when regexp_full_match(t, '[+-]?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?')
            then number_of(replace(replace(t, '.', ''), ',', '.'))
    end
)
