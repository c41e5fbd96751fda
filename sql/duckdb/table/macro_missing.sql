-- Whether a cell says that there is no value, as tools write it in columns of numbers.
create temp macro says_missing(t) as (
    t is null or lower(t) in ('', 'na', 'n/a', 'n.a.', '#n/a', 'nan', 'nat', 'null', '(null)', '[null]', '<null>', 'none', 'nil', 'undefined', '\n',
        '?', '-', '--', '.', 'unknown')
)
