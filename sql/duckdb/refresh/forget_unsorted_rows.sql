delete from whole.about.growth
where table_name = ?
