-- One line of text of at most n characters, as src/text/plain-text.ts cleans it; NULL if nothing is left. A text that is
-- cut ends in "…". Nearly all text is plain ASCII without a double space: to tell that takes a third of the time that
-- cleaning takes.
create temp macro clean_text(t, n) as case
    when strlen(t) <= n and regexp_full_match(t, '[!-~]+( [!-~]+)*') then t
    when length(visible_line(t)) > n then left(visible_line(t), n - 1) || '…'
    else nullif(visible_line(t), '')
end
