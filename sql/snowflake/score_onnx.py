# Scores whole batches of rows with the ONNX file that the function imports: the very file that serves elsewhere.
import os
import sys

import numpy
import onnxruntime
import pandas
from _snowflake import vectorized

folder = sys._xoptions.get("snowflake_import_directory", ".")
options = onnxruntime.SessionOptions()
# More threads would add up the trees in another order, and a score would depend on its batch.
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(
    os.path.join(folder, "model.onnx"), options, providers=["CPUExecutionProvider"]
)


@vectorized(input=pandas.DataFrame, max_batch_size=20000)
def score(rows):
    features = rows.to_numpy(dtype=numpy.float32, na_value=numpy.nan)
    (probability,) = session.run(["probability"], {"features": features})
    return pandas.Series(probability[:, 0].astype(numpy.float64))
