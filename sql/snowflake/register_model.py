# Registers a version's ONNX file in Snowflake's own Model Registry, where Snowsight shows it and SQL calls it.
import json
import os
import sys

import numpy
import onnxruntime
import pandas
from snowflake.ml.model import custom_model
from snowflake.ml.model.task import Task
from snowflake.ml.registry import Registry

# Where the same file serves elsewhere, scores may differ by rounding alone.
LARGEST_DIFFERENCE = 1e-6


class OnnxModel(custom_model.CustomModel):
    def __init__(self, context: custom_model.ModelContext) -> None:
        super().__init__(context)
        options = onnxruntime.SessionOptions()
        # More threads would add up the trees in another order, and a score would depend on its batch.
        options.intra_op_num_threads = 1
        self.runtime = onnxruntime.InferenceSession(
            context["onnx"], options, providers=["CPUExecutionProvider"]
        )

    # The columns are named as those of a classifier that Snowflake registers itself.
    @custom_model.inference_api
    def predict_proba(self, rows: pandas.DataFrame) -> pandas.DataFrame:
        features = rows.to_numpy(dtype=numpy.float32, na_value=numpy.nan)
        (probability,) = self.runtime.run(["probability"], {"features": features})
        positive = probability[:, 0].astype(numpy.float64)
        return pandas.DataFrame({"output_feature_0": 1 - positive, "output_feature_1": positive})


def register(session, request_text):
    request = json.loads(request_text)
    folder = sys._xoptions.get("snowflake_import_directory", ".")
    model = OnnxModel(custom_model.ModelContext(onnx=os.path.join(folder, "model.onnx")))
    sample = pandas.DataFrame(request["sample"], columns=request["features"], dtype="float64")
    scores = model.predict_proba(sample)["output_feature_1"].to_numpy()
    difference = float(numpy.max(numpy.abs(scores - numpy.array(request["scores"]))))
    if difference > LARGEST_DIFFERENCE:
        return json.dumps({"outcome": "differs", "difference": difference})

    registry = Registry(session, database_name=request["database"], schema_name=request["schema"])
    name, version = request["name"], request["version"]
    models = registry.show_models()
    is_known = len(models) > 0 and name in set(models["name"])
    versions = registry.get_model(name).show_versions() if is_known else []
    if len(versions) > 0 and version in set(versions["name"]):
        outcome = "present"
    else:
        registry.log_model(
            model,
            model_name=name,
            version_name=version,
            comment=request["comment"],
            metrics=request["metrics"],
            sample_input_data=sample,
            conda_dependencies=["onnxruntime"],
            target_platforms=["WAREHOUSE"],
            task=Task.TABULAR_BINARY_CLASSIFICATION,
            options={"case_sensitive": not request["has_plain_names"]},
        )
        outcome = "registered"
    registered = registry.get_model(name)
    # Not only of a new model: the registration that made it may have been killed here.
    if not registered.comment:
        registered.comment = request["model_comment"]
    if request["is_champion"]:
        registered.default = version
    return json.dumps({"outcome": outcome, "difference": difference})
