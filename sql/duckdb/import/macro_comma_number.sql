-- A number whose decimals follow a comma, as a text that can be cast; NULL if its points do not group thousands. The list of
-- one text makes the engine look for digits and marks only once.
create temp macro comma_number(t) as list_transform(
    [bare_number(t)],
    lambda number: case
        when regexp_full_match(number, '-?(\d{1,3}(\.\d{3})+|\d+)?(,\d*)?')
            then replace(replace(number, '.', ''), ',', '.')
    end
)[1]
