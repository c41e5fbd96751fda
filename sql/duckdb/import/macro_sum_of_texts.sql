-- The sum of a list of texts, as text; texts that are no numbers stay as they are, with plus signs between them, so that the
-- row is rejected with them.
create temp macro sum_of_texts(texts) as case
    when len(list_filter(texts, lambda t: t is not null and try_cast(t as decimal(18, 4)) is null)) = 0
        then cast(list_sum(list_transform(texts, lambda t: try_cast(t as decimal(18, 4)))) as varchar)
    else array_to_string(texts, ' + ')
end
