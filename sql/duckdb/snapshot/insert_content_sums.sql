insert into about.content_sums
values (?, cast(? as bigint), cast(? as hugeint), cast(? as hugeint))
