"""Registers a version as the procedure does, with the real package but for the account: packs the model, opens it again, scores.

usage: pack_model.py FOLDER: reads request.json (rows beside it in probe.json), model.onnx lies beside; prints JSON.

Another registration begins in a process that is killed right after its version was logged; this one then does it again.
"""

import inspect
import json
import os
import pathlib
import signal
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
    comment = ""
    default = None

    def show_versions(self):
        return pandas.DataFrame({"name": list(AccountlessRegistry.logged.values())})


class AccountlessRegistry:
    """Takes the calls that the real one takes, which it checks by its signatures, and packs what is logged."""

    model = RegisteredModel()
    # The version of each model.
    logged = {}

    def __init__(self, *given, **options):
        inspect.signature(RealRegistry.__init__).bind(self, *given, **options)

    def show_models(self):
        return pandas.DataFrame({"name": list(self.logged)})

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
request = (folder / "request.json").read_text()


class KilledRegistry(AccountlessRegistry):
    """Writes to a file what the account has by then, and dies."""

    def log_model(self, model, **options):
        (folder / "account.json").write_text(json.dumps({options["model_name"]: options["version_name"]}))
        os.kill(os.getpid(), signal.SIGKILL)


def register():
    outcome = json.loads(register_model.register(None, request))
    return {**outcome, "model_comment": AccountlessRegistry.model.comment, "default": AccountlessRegistry.model.default}


answer = register()
seen["answer"] = {name: answer[name] for name in ("outcome", "difference")}
seen["model_comment"], seen["default"] = answer["model_comment"], answer["default"]

child = os.fork()
if child == 0:
    register_model.Registry = KilledRegistry
    register()
assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
AccountlessRegistry.logged = json.loads((folder / "account.json").read_text())
AccountlessRegistry.model = RegisteredModel()
seen["after_kill"] = register()
print(json.dumps(seen))
