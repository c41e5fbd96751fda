-- The schema of models, predictions, functions and the procedure.
create schema if not exists blank_models_schema
