-- Whether a cell is nothing but a word for a sum, perhaps with figures: Total, Grand total:, Summe (12), 合計.
create temp macro says_summary(t) as (
    strlen(t) <= 60 and regexp_matches(
        t,
        '(?i)^[^\p{L}\p{N}]*(?:' || summary_words() || ')[^\p{L}]*$'
    )
)
