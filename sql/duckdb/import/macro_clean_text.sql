-- One line of text: control and direction characters become a space, both ends are trimmed, nothing is longer than n.
-- Nearly all text is plain ASCII without spaces at its ends, and is told in a third of the time that cleaning takes.
create temp macro clean_text(t, n) as case
    when strlen(t) <= n and regexp_full_match(t, '[!-~]([ -~]*[!-~])?') then t
    else nullif(
        trim(
            left(
                trim(
                    regexp_replace(
                        t,
                        ' *[\x{0}-\x{1f}\x{7f}-\x{9f}\x{ad}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff}][\x{0}-\x{1f}\x{7f}-\x{9f}\x{ad}\x{200b}-\x{200f}\x{2028}-\x{202e}\x{2060}-\x{206f}\x{feff} ]*',
                        ' ',
                        'g'
                    )
                ),
                n
            )
        ),
        ''
    )
end
