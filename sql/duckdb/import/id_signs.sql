-- One row: whether a text of a column of ids needs a closer look. All others are one id however they are read: no word for none, no
-- written form of another id, and nothing to clean, for they are short, without spaces, points, plus signs and at signs, begin
-- with no zero, and begin or end with a digit. Nearly all begin with one, and a pattern without alternatives is faster. Reads written_texts(t).
with signs as (
    select 1 as found
    from written_texts
    where
        strlen(t) > 256
        or case
            when regexp_full_match(t, '[1-9][!-*,\-/-?A-~]*') then false
            else not regexp_full_match(t, '[!-*,\-/:-?A-~]([!-*,\-/-?A-~]*[0-9])')
        end
    limit 1
)

select count(*) > 0 as is_found from signs
