-- Whether a cell begins or ends with a word for a sum, as a line of sums does: Total of all orders, Anna Ergebnis.
create temp macro begins_summary(t) as (
    strlen(t) <= 60 and regexp_matches(
        t,
        '(?i)^[^\p{L}\p{N}]*(?:number of|no\. of|anzahl|nombre de|número de|numero di|numero de|aantal|liczba|antal|' || summary_words() || ')(?:[^\p{L}]|$)|[^\p{L}](?:' || summary_words() || ')[^\p{L}]*$'
    )
)
