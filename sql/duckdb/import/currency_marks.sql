-- One row per currency that the amounts of a column are written with: how many are. Reads written_texts(t). Nearly all texts
-- begin and end with a digit, so they are skipped.
with marked as (
    select currency_mark(t) as currency
    from written_texts
    where not (t[1] between '-' and '9' and t[-1] between '.' and '9')
),

currency_marks as (
    select currency, count(*) as row_count
    from marked
    where currency is not null
    group by currency
)

select * from currency_marks
order by row_count desc, currency
limit 200
