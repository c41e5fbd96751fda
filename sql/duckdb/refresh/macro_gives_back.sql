-- Whether a line, as a sender wrote it, gives something back.
create temp macro gives_back(quantity, unit_price, line_total) as
    least(try_cast(quantity as double), try_cast(unit_price as double), try_cast(line_total as double)) < 0
