-- Whether a row with this reason was understood and left out for its meaning.
create temp macro is_understood(reason) as (
    starts_with(reason, 'no sale: ')
    or starts_with(reason, 'order left out: ')
    or reason in (
        'no customer', 'guest', 'later than today', 'refund', 'other currency', 'quantity of zero',
        'blank row', 'repeated header', 'summary row', 'remark'
    )
)
