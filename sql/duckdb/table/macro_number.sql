-- A cell of a table of customers as a number: with thousands in groups, a currency sign before it or a percent sign after
-- it; null where it is none, or too large for a float32.
create temp macro number_of(t) as (
    select case when abs(parsed) < 3.4e38 then parsed end
    from (
        select try_cast(
            case
                when regexp_full_match(t, '[+-]?\d{1,3}(,\d{3})+(\.\d+)?') then replace(t, ',', '')
                else regexp_replace(t, '^([+-]?)[$€£]\s*|\s*%$', '\1', 'g')
            end as double
        ) as parsed
    )
)
