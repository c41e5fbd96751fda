-- Whether a cell is a word for a missing value, as tools write it in columns of numbers.
create temp macro says_missing(t) as (
    t is null or lower(t) in ('', 'na', 'n/a', 'n.a.', '#n/a', 'nan', 'nat', 'null', '(null)', '[null]', '<null>', 'none', 'nil', 'undefined', '\n',
        '?', '-', '--', '.', 'unknown')
)
