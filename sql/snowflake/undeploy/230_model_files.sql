drop stage if exists models.model_files
