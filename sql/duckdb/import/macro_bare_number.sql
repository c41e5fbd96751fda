-- The digits and marks of a number, with a minus before them if it is negative: without currency, percent sign and spaces or
-- apostrophes between groups of three digits; (12.50) and 12.50- are negative, and 12,- has no cents.
create temp macro bare_number(t) as regexp_replace(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    t,
                    '[\s\x{a0}]*(?:\b[A-Z]{1,3})?\p{Sc}[\s\x{a0}]*|[\s\x{a0}]*(?:' || currency_codes() || ')[\s\x{a0}]*|[\s\x{a0}]*(?i:kr\.?|zł|Kč|VNĐ|Ft|lei|Rs\.?|Rp\.?|F ?CFA|Gs\.?|TL|RM|руб\.?|грн\.?|лв\.?|S/\.?|[円元원đ%])[\s\x{a0}]*',
                    '',
                    'g'
                ),
                '[\s\x{a0}\x{202f}\x{2007}\x{2009}''’](\d{3})\b',
                '\1',
                'g'
            ),
            '^\s*\+?\s*|\s+$|^([(−-])\s+|\s+([)−-])$',
            '\1\2',
            'g'
        ),
        '[.,][-–—]+$',
        ''
    ),
    '^(?:\((.*)\)|(.*)[−-]|−(.*))$',
    '-\1\2\3'
)
