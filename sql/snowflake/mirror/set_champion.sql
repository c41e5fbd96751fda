-- One row per version of a model: marks its champion, and no other. Values: version, model.
update models.model_versions
set is_champion = (version = ?)
where model = ?
