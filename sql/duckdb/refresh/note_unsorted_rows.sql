insert into whole.about.growth
values (?, cast(? as bigint))
