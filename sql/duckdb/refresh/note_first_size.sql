insert into whole.about.growth
select 'file', cast(? as bigint)
where not exists (select 1 from whole.about.growth where table_name = 'file')
