-- A date and time with colons between hours, minutes and seconds, one space before them and a point before the fraction.
create temp macro plain_clock(t) as replace(
    regexp_replace(
        regexp_replace(t, '^(\S+) +(\d{1,2})[:.](\d{2})', '\1 \2:\3'),
        '^(\S+ \d{1,2}:\d{2})[:.](\d{2})',
        '\1:\2'
    ),
    ',',
    '.'
)
