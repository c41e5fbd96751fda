-- One row per currency that the amounts of a column are written with: how many are. Reads written_texts(t). Nearly all texts
-- are plain numbers, so they are skipped.
with marked as (
    select case when try_cast(t as double) is null then currency_mark(t) end as currency
    from written_texts
    where t is not null
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
