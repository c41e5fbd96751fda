-- One row: whether any id of a column is a word for none, such as NULL or n/a. No such word begins or ends with a digit. Reads
-- written_texts(t).
with words as (
    select 1 as found
    from written_texts
    where
        ascii(t) not between 48 and 57
        and strlen(t) <= 20
        and t[-1] not between '0' and '9'
        and says_missing(trim(t))
    limit 1
)

select count(*) > 0 as is_found from words
