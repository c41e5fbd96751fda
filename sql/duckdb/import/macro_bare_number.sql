-- The digits and marks of a number, with a minus before them if it is negative: without spaces, currency, percent sign and
-- the groups of Switzerland; (12.50) and 12.50- are negative, and 12,- has no cents.
create temp macro bare_number(t) as regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(t, '[\s\x{a0}\x{202f}\x{2007}\x{2009}''’%+]|\p{Sc}', '', 'g'),
                '^([(−-]*)(?:[A-Z]{2,3}|R|kr\.?|zł|Kč|Ft|lei|Rs\.?)([−-]?[\d.,])',
                '\1\2'
            ),
            '([\d.,])(?:[A-Z]{3}|kr\.?|zł|Kč|Ft|lei|Rs\.?)([)−-]?)$',
            '\1\2'
        ),
        '[.,][-–—]+$',
        ''
    ),
    '^(?:\((.*)\)|(.*)[−-]|−(.*))$',
    '-\1\2\3'
)
