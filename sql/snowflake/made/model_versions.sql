-- One row per version of a model in the Model Registry.
show versions in model blank_object
