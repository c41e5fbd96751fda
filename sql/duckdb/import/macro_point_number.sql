-- A number whose decimals follow a point, as a text that can be cast; NULL if its commas do not group thousands. The list of
-- one text makes the engine look for digits and marks only once.
create temp macro point_number(t) as list_transform(
    [bare_number(t)],
    lambda number: case
        when regexp_full_match(number, '-?(\d{1,3}(,\d{2,3})*,\d{3}|\d+)?(\.\d*)?([eE][+-]?\d+)?')
            then replace(number, ',', '')
    end
)[1]
