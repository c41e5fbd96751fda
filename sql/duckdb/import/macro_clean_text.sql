-- One line of text of at most n characters, as src/text/plain-text.ts cleans it; NULL if nothing is left. A text that is
-- cut ends in "…". Nearly all text is plain ASCII without a double space: checking that takes a third of the time of
-- cleaning. The list of one text makes the engine clean it only once.
create temp macro clean_text(t, n) as case
    when strlen(t) <= n and regexp_full_match(t, '[!-~]+( [!-~]+)*') then t
    else list_transform(
        [visible_line(t)],
        lambda line: case when length(line) > n then left(line, n - 1) || '…' else nullif(line, '') end
    )[1]
end
