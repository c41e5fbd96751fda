"""Registers a version as the procedure does, with the real package but for the account: packs the model, opens it again, scores.

usage: pack_model.py FOLDER: reads request.json (rows beside it in probe.json), model.onnx lies beside; prints JSON.
"""

import inspect
import json
import pathlib
import sys
import tempfile

import numpy
import pandas
import snowflake.ml.registry as registry_package
from snowflake.ml.model._packager import model_packager

folder = pathlib.Path(sys.argv[1])
sys._xoptions["snowflake_import_directory"] = str(folder)
RealRegistry = registry_package.Registry
seen = {}


class RegisteredModel:
    comment = None
    default = None


class AccountlessRegistry:
    """Takes the calls that the real one takes, which it checks by its signatures, and packs what is logged."""

    model = RegisteredModel()

    def __init__(self, *given, **options):
        inspect.signature(RealRegistry.__init__).bind(self, *given, **options)

    def show_models(self):
        return pandas.DataFrame()

    def get_model(self, name):
        inspect.signature(RealRegistry.get_model).bind(self, name)
        return self.model

    def log_model(self, model, **options):
        inspect.signature(RealRegistry.log_model).bind(self, model, **options)
        with tempfile.TemporaryDirectory() as packed:
            model_packager.ModelPackager(packed).save(
                name=options["model_name"],
                model=model,
                sample_input_data=options["sample_input_data"],
                metadata={},
                conda_dependencies=options["conda_dependencies"],
                task=options["task"],
                options={**options["options"], "embed_local_ml_library": False, "relax_version": False},
            )
            opened = model_packager.ModelPackager(packed)
            opened.load()
            probe = pandas.DataFrame(
                json.loads((folder / "probe.json").read_text()),
                columns=options["sample_input_data"].columns,
                dtype="float64",
            )
            result = opened.model.predict_proba(probe)
            signature = opened.meta.signatures["predict_proba"]
        seen.update(
            name=options["model_name"],
            version=options["version_name"],
            comment=options["comment"],
            metrics=options["metrics"],
            inputs=[[spec.name, spec._dtype.name] for spec in signature.inputs],
            outputs=[[spec.name, spec._dtype.name] for spec in signature.outputs],
            scores=result["output_feature_1"].tolist(),
            sums=float(numpy.abs(result.sum(axis=1) - 1).max()),
        )


registry_package.Registry = AccountlessRegistry
script = pathlib.Path(__file__).parents[3] / "sql" / "snowflake" / "register_model.py"
sys.path.insert(0, str(script.parent))
import register_model  # noqa: E402

register_model.Registry = AccountlessRegistry
seen["answer"] = json.loads(register_model.register(None, (folder / "request.json").read_text()))
seen["model_comment"] = AccountlessRegistry.model.comment
seen["default"] = AccountlessRegistry.model.default
print(json.dumps(seen))
