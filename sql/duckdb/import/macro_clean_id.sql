-- An id on one line, NULL if the text means "no id". The variable ids_may_be_null_words says whether
-- any id of this import may be such a word.
create temp macro clean_id(t) as case
    when getvariable('ids_may_be_null_words') and strlen(t) <= 20 and says_missing(trim(t)) then null
    else clean_text(t, 257)
end
