-- One row per currency that the amounts of a column are written with: how many are, and the sign that they all have if nothing but
-- this sign tells ($, kr). Reads written_texts(t). Nearly all texts are plain numbers, so they are skipped. What stands around
-- the figures is the same in most of the others, so it is looked at once.
with around_figures as materialized (
    select regexp_replace(t, '[\d.,+\s\x{a0}-]+', ' ', 'g') as words, count(*) as row_count
    from written_texts
    where t is not null and try_cast(t as double) is null
    group by words
),

marked as materialized (
    select
        currency_mark(words) as currency,
        upper(regexp_replace(words, '[^\p{L}\p{Sc}]', '', 'g')) as sign,
        row_count
    from around_figures
),

currency_marks as (
    select
        currency,
        sum(row_count) as row_count,
        case when count(distinct sign) = 1 then min(sign) end as only_sign
    from marked
    where currency is not null
    group by currency
)

select * from currency_marks
order by row_count desc, currency
limit 200
