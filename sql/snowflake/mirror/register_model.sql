-- One row with an outcome as JSON: registers a version in the Model Registry by a procedure that is made, run and not kept, with the
-- rights of who calls. Value: the version, as JSON.
with register_model as procedure (request varchar)
returns varchar
language python
runtime_version = '3.11'
packages = ('snowflake-snowpark-python', 'snowflake-ml-python', 'onnxruntime', 'numpy', 'pandas')
imports = (blank_import)
handler = 'register'
as
$$
blank_body
$$
call register_model(?)
