-- Whether a column such as "Cancelled at" means cancelled: by a date or by a flag.
create temp macro says_cancelled(t) as (
    not says_missing(t) and not says_no(t) and not starts_with(t, '0000-00-00') and not regexp_matches(t, '^0+([.,]0+)?$')
)
