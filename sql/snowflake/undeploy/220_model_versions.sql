drop table if exists models.model_versions
