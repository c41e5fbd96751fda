-- One row: what the commas and points in a column of numbers can mean, over all texts. Only the digits of a text count, from
-- the first to the last. Reads written_texts(t).
with runs as (
    select
        t,
        number_run(t) as n
    from written_texts
),

number_forms as (
    select
        -- 12,5 and 0,500 and 1250,125 and 1.234,50 and 1.234.567: here the comma is decimal.
        count_if(
            regexp_full_match(n, '\d+,(\d{1,2}|\d{4,})|0\d*,\d+|\d{4,},\d+|\d{1,3}(\.\d{3})+,\d*|\d{1,3}(\.\d{3}){2,}')
        ) as comma_decimals,
        -- The same with both exchanged; India groups by two.
        count_if(
            regexp_full_match(
                n, '\d+\.(\d{1,2}|\d{4,})|0\d*\.\d+|\d{4,}\.\d+|\d{1,3}(,\d{2,3})*,\d{3}\.\d*|\d{1,3}(,\d{2,3})+,\d{3}'
            )
        ) as point_decimals,
        -- 1,250 may be either.
        count_if(regexp_full_match(n, '[1-9]\d{0,2},\d{3}')) as open_commas,
        count_if(regexp_full_match(n, '[1-9]\d{0,2}\.\d{3}')) as open_points,
        count_if(regexp_full_match(n, '[1-9]\d{0,2}[.,]\d\d0')) as open_with_zero,
        count_if(regexp_full_match(n, '\d{1,3}')) as below_1000,
        count_if(regexp_full_match(n, '\d{4,}')) as without_groups,
        min(case when regexp_full_match(n, '[1-9]\d{0,2}[.,]\d{3}') then left(t, 40) end) as open_example,
        min(case when regexp_full_match(n, '\d+,(\d{1,2}|\d{4,})|\d{1,3}(\.\d{3})+,\d*') then left(t, 40) end)
            as comma_example,
        min(case when regexp_full_match(n, '\d+\.(\d{1,2}|\d{4,})|\d{1,3}(,\d{2,3})*,\d{3}\.\d*') then left(t, 40) end)
            as point_example
    from runs
    where n <> ''
)

select * from number_forms
