-- What a sum becomes if the rows of now take the place of those before.
create or replace temp macro changed_sum(of_all, of_now, of_before) as coalesce(of_all, 0) + coalesce(of_now, 0) - coalesce(of_before, 0)
