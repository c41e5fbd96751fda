-- Whether a cell may be what says_summary looks for, by its first two letters; faster, because it needs no regular expression.
-- A cell that begins with neither an English letter nor a digit always may.
create temp macro may_say_summary(t) as (
    ascii(t) not between 48 and 57
    and (
        ascii(t) not between 65 and 122
        or list_contains(
            list_distinct(list_transform(string_split(summary_words(), '|'), lambda word: left(word, 2))),
            lower(left(t, 2))
        )
    )
)
