-- One row per charge. Value bound: a JSON list of ids.
create table staging.charges as
select unnest(cast(cast(? as json) as varchar[])) as product_id
