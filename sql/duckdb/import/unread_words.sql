-- One row per column and word of it, for columns with few words: how many of the rows have it, and whether it is a yes or a no. Reads
-- unread_texts(texts, row_count): a list with a text per column, and how many rows have these texts.
with texts as (
    select
        row_count,
        unnest(texts) as word,
        generate_subscripts(texts, 1) as position
    from unread_texts
),

counted as (
    select
        position,
        trim(word) as word,
        cast(sum(row_count) as bigint) as row_count,
        says_yes(trim(word)) as is_yes,
        says_no(trim(word)) as is_no
    from texts
    where trim(word) <> ''
    group by position, trim(word)
),

few as (
    select *
    from counted
    qualify count(*) over (partition by position) <= 60
)

select * from few
order by position, row_count desc, word
