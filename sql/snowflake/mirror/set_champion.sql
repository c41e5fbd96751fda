-- Marks the champion of a model, and no other of its versions. Values: version, model.
update models.model_versions
set is_champion = (version = ?)
where model = ?
