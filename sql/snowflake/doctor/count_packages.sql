-- Whether functions in Python can have the ONNX runtime: one row.
select cast(count(*) as varchar) as row_count
from information_schema.packages
where package_name = 'onnxruntime'
