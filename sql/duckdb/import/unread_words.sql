-- One row per column and word of it, for columns with few words: how many of the rows have it. Reads unread_texts(texts), a
-- list per row with a text per column.
with texts as (
    select
        unnest(texts) as word,
        generate_subscripts(texts, 1) as position
    from unread_texts
),

counted as (
    select
        position,
        trim(word) as word,
        count(*) as row_count
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
