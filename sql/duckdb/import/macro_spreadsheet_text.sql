-- A text for a cell of a CSV file, as src/text/spreadsheet-text.ts gives it: an apostrophe keeps a spreadsheet from running
-- it as a formula, also if the spreadsheet separates cells by semicolons or tabs; numbers and
-- phone numbers stay as they are.
create temp macro spreadsheet_text(t) as case
    when regexp_matches(t, '^[=+\-@＝＋－＠\t\r\n]')
        and not regexp_full_match(t, '[+-]?[0-9]+([.,][0-9]+)?')
        and not regexp_full_match(t, '[+]([ ()./-]*[0-9]){6,15}[ )]*')
    then '''' else ''
end || case
    -- Few texts have one of these, and to look for them is faster than the regular expression.
    when contains(t, ';') or contains(t, chr(9)) or contains(t, chr(10)) or contains(t, chr(13))
        then regexp_replace(t, '([;\t\r\n][ "'']*)([=+\-@＝＋－＠])', '\1''\2', 'g')
    else t
end
