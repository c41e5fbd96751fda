-- A uniform number in (0, 1) for (key, stream, counter): the demo shop's only source of chance. `key` is the
-- customer's `random_key`. Counter based, so a draw never depends on which rows were made before it, or on how many
-- threads make them. Everything after the mixing is in doubles: "0.5" alone is a decimal, which takes 128-bit integers.
-- `stream` (below 4,096) names what the number is for, `counter` (below 1,048,576) which it is.
create or replace temp macro demo_random(key, stream, counter) as
    (
        cast(demo_mix(xor(
            cast(key as ubigint),
            (cast(stream * 1048576 + counter as ubigint) * 2654435769) & 4294967295
        )) as double) + cast(0.5 as double)
    ) / cast(4294967296 as double)
