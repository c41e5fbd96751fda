-- A number whose decimals follow a comma, as a text that can be cast; NULL if its points do not group thousands.
create temp macro comma_number(t) as case
    when regexp_full_match(bare_number(t), '-?(\d{1,3}(\.\d{3})+|\d+)?(,\d*)?')
        then replace(replace(bare_number(t), '.', ''), ',', '.')
end
