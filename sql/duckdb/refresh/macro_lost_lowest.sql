-- Whether the row with the lowest value may have gone, if the rows of now take the place of those before.
create or replace temp macro lost_lowest(of_all, of_now, of_before) as
    coalesce(of_before <= of_all and coalesce(of_now > of_all, true), false)
