-- One row: of the owners (customers, or products) with several orders of which some are no sales by a word, how many have
-- this word in all their orders, and how many have others too. Reads owned_words(owner, order_id, word).
-- Values bound: the words that are no sales, as a JSON list.
with orders as (
    select
        owner,
        order_id,
        min(trim(word)) as word,
        bool_or(list_contains(cast(cast(? as json) as varchar[]), trim(word))) as is_lost
    from owned_words
    where owner is not null
    group by owner, order_id
),

owners as (
    select
        owner,
        count(distinct coalesce(word, '')) as word_count
    from orders
    group by owner
    having count(*) > 1 and count_if(is_lost) > 0
)

select
    count_if(word_count = 1) as only_lost,
    count_if(word_count > 1) as with_others
from owners
