-- One row: how the ids of a column are written. Reads written_texts(t).
with ids as (
    select trim(t) as id
    from written_texts
),

id_forms as (
    select
        count_if(regexp_full_match(id, '\d+\.0+')) as whole_decimals,
        count_if(regexp_full_match(id, '\d+\.\d*[1-9]\d*')) as other_decimals,
        count_if(regexp_full_match(id, '0+\d+(\.0+)?')) as padded,
        count_if(regexp_full_match(id, '[1-9]\d*(\.0+)?')) as plain,
        count_if(regexp_full_match(id, '\d([.,]\d+)?[Ee]\+\d+')) as exponents,
        min(case when regexp_full_match(id, '\d([.,]\d+)?[Ee]\+\d+') then left(id, 40) end) as exponent_example
    from ids
)

select * from id_forms
