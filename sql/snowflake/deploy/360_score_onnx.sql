-- The same probability by the ONNX runtime, a batch of rows at a time: faster, and needs its package in the account.
create or replace function blank_object(blank_parameters)
returns float
language python
immutable
runtime_version = '3.11'
packages = ('onnxruntime', 'numpy', 'pandas')
imports = (blank_import)
handler = 'score'
comment = 'churn-mcp: the probability by a model, with the ONNX runtime'
as
$$
blank_body
$$
