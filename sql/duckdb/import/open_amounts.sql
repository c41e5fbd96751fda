-- One row: how many amounts could be read with either decimal mark (1,250), by the mark that they hold, and how many of
-- these are in a currency in which nobody writes thousandths. Reads written_amounts(t, currency).
-- Values bound: the codes of these currencies, as a JSON list; the currency of amounts that name none.
with parameters as (
    select
        cast(cast(? as json) as varchar []) as whole_currencies,
        cast(? as varchar) as only_currency
),

runs as (
    select
        t,
        currency,
        number_run(t) as n
    from written_amounts
    where t is not null
),

open_runs as (
    select
        contains(runs.n, ',') as has_comma,
        list_contains(
            parameters.whole_currencies,
            coalesce(currency_mark(runs.t), upper(trim(runs.currency)), parameters.only_currency)
        ) as is_whole
    from runs
    cross join parameters
    where regexp_full_match(runs.n, '[1-9]\d{0,2}[.,]\d{3}')
),

open_amounts as (
    select
        count_if(has_comma) as with_comma,
        count_if(not has_comma) as with_point,
        count_if(coalesce(is_whole, false)) as whole
    from open_runs
)

select * from open_amounts
