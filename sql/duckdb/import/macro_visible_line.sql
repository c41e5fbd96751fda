-- One line of text, as src/text/plain-text.ts cleans it: invisible characters are removed, line ends and runs of spaces become one
-- space, and no letter keeps more than four marks. The ranges are the code points that a reader's screen leaves out
-- (Default_Ignorable_Code_Point, Noncharacter_Code_Point), which the engine has no names for.
create temp macro visible_line(t) as trim(
    regexp_replace(
        regexp_replace(
            regexp_replace(
                t,
                '[\p{Cf}\p{Co}\x{34f}\x{115f}\x{1160}\x{17b4}\x{17b5}\x{180b}-\x{180f}\x{2065}\x{3164}\x{fe00}-\x{fe0f}\x{ffa0}\x{fff0}-\x{fff8}\x{e0000}-\x{e0fff}\x{fdd0}-\x{fdef}\x{fffe}\x{ffff}\x{1fffe}\x{1ffff}\x{2fffe}\x{2ffff}\x{3fffe}\x{3ffff}\x{4fffe}\x{4ffff}\x{5fffe}\x{5ffff}\x{6fffe}\x{6ffff}\x{7fffe}\x{7ffff}\x{8fffe}\x{8ffff}\x{9fffe}\x{9ffff}\x{afffe}\x{affff}\x{bfffe}\x{bffff}\x{cfffe}\x{cffff}\x{dfffe}\x{dffff}\x{efffe}\x{effff}\x{ffffe}\x{fffff}\x{10fffe}\x{10ffff}]+',
                '',
                'g'
            ),
            '[\p{Cc}\p{Z}\x{2800}]+',
            ' ',
            'g'
        ),
        '(\p{M}{4})\p{M}+',
        '\1',
        'g'
    )
)
