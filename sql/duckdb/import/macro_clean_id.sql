-- An id as one line of text, at most one character longer than an id may be; NULL if there is none.
create temp macro clean_id(t) as clean_text(t, 257)
