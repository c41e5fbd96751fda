-- A number whose decimals follow a point, as a text that can be cast; NULL if its commas do not group thousands.
create temp macro point_number(t) as case
    when regexp_full_match(bare_number(t), '-?(\d{1,3}(,\d{2,3})*,\d{3}|\d+)?(\.\d*)?([eE][+-]?\d+)?')
        then replace(bare_number(t), ',', '')
end
