-- Whether a row with this reason was read and understood, and is left out for what it says.
create temp macro is_understood(reason) as (
    starts_with(reason, 'no sale: ')
    or starts_with(reason, 'order left out: ')
    or reason in ('no customer', 'guest', 'later than today', 'refund', 'other currency', 'quantity of zero')
)
