-- Counts for a column of a customer table: one row. Reads one_column(value, label), empty cells being null.
-- The errors are those of guessing the label from the value alone, and from whether there is a value alone.
with cells as (
    select
        value,
        label,
        number_of(value) as number,
        comma_number_of(value) as comma_number
    from one_column
),

by_value as (
    select
        value,
        count(*) as cells_of_value,
        sum(label) as positives_of_value
    from cells
    group by value
),

by_presence as (
    select
        value is null as is_missing,
        sum(cells_of_value) as cells_of_side,
        sum(positives_of_value) as positives_of_side
    from by_value
    group by value is null
),

guesses as (
    select
        (select sum(least(positives_of_value, cells_of_value - positives_of_value)) from by_value)
            as errors_by_value,
        (select sum(least(positives_of_side, cells_of_side - positives_of_side)) from by_presence)
            as errors_by_presence
),

table_column_profile as (
    select
        count(*) as cells,
        count(value) as present,
        count(distinct value) as distinct_values,
        count(number) as numbers,
        count(distinct number) as distinct_numbers,
        coalesce(bool_and(number = floor(number)), false) as are_whole,
        count(comma_number) as comma_numbers,
        -- Written as no group of thousands is: 29,85 or 0,125 or 1.234,5.
        count_if(
            regexp_full_match(value, '[+-]?(\d+,(\d{1,2}|\d{4,})|0,\d+|\d{1,3}(\.\d{3})+,\d+)')
        ) as decimal_commas,
        count_if(value is not null and number is null and says_missing(value)) as missing_words,
        count_if(regexp_matches(value, '\d[-/., ]+\w|\d[年년]|^\d{8}[T ]\d')) as looks_dated,
        coalesce(sum(label) filter (value is not null), 0) as present_churned,
        any_value(guesses.errors_by_value) as errors_by_value,
        any_value(guesses.errors_by_presence) as errors_by_presence
    from cells
    cross join guesses
)

select * from table_column_profile
