-- The digits and marks of a number, from its first digit to its last; empty if it has no digit.
create temp macro number_run(t) as regexp_replace(
    regexp_extract(t, '\d[\d.,\s\x{a0}\x{202f}\x{2009}''’]*'),
    '[^\d.,]|[.,]+\s*$',
    '',
    'g'
)
