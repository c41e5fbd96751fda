-- Scrambles a 32-bit integer into another (Wellons' "lowbias32"); one-to-one. Integer arithmetic only, so that the
-- same input gives the same output on every machine, thread count and version of the engine; `hash()` promises no
-- such thing, and MD5 is thirty times slower.
create or replace temp macro demo_mix(x) as
    xor(
        (xor((xor(x, x >> 16) * 2146121005) & 4294967295, ((xor(x, x >> 16) * 2146121005) & 4294967295) >> 15) * 2221713035)
            & 4294967295,
        ((xor((xor(x, x >> 16) * 2146121005) & 4294967295, ((xor(x, x >> 16) * 2146121005) & 4294967295) >> 15) * 2221713035)
            & 4294967295) >> 16
    )
