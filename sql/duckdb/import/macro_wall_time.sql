-- The timestamp that a text shows, which begins with YYYY-MM-DD and may go on with a time, of 12 or 24 hours, in colons or
-- points; NULL if it shows none. A cast alone reads nearly all texts.
create temp macro wall_time(t) as coalesce(
    try_cast(rtrim(t) as timestamp),
    case
        when regexp_matches(t, '[AaPp]\.? ?[Mm]\.?\s*$') and not regexp_matches(t, '^\S+ +(0?0|1[3-9]|2[0-3])\D')
            then
                try_strptime(
                    regexp_replace(upper(plain_clock(t)), ' ?([AP])\.? ?M\.?\s*$', ' \1M'),
                    [
                        '%Y-%m-%d %I:%M:%S.%f %p', '%Y-%m-%d %I:%M:%S %p', '%Y-%m-%d %I:%M %p', '%Y-%m-%d %I %p'
                    ]
                )
        else try_cast(regexp_replace(plain_clock(t), ' ?[AaPp]\.? ?[Mm]\.?\s*$|\s+$', '') as timestamp)
    end
)
