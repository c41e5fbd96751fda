"""Runs ray/retrain_in_snowflake.py with everything but the account: calls are checked by the signatures of the real package.

usage: run_retraining.py REPOSITORY FOLDER [fail|others]: writes model.ubj to FOLDER and prints as JSON what was asked of the account.

Three things stand in for what is not on PyPI or not on this machine: snowflake.ml.runtime_cluster, by the signature on the page
"Container Runtime on multi-node clusters"; the session, which answers one statement from made-up customers; and the cluster, on
which a booster is trained here. test/ray trains by the same function on a real one.
"""

import importlib.util
import inspect
import json
import pathlib
import sys
import types

import numpy
import pandas
import snowflake.ml.registry as registry_package
import snowflake.snowpark
import snowflake.snowpark.context as context
import xgboost

repository, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
fails = sys.argv[3:] == ["fail"]
seen = {"in_package": importlib.util.find_spec("snowflake.ml.runtime_cluster") is not None, "scaled": []}


def checked(real, *given, **options):
    """Raises if the real one does not take these arguments."""
    inspect.signature(real).bind(*given, **options)


def scale_cluster(expected_cluster_size: int, *, notebook_name=None, is_async=False, options=None) -> bool:
    seen["scaled"].append(expected_cluster_size)
    return True


sys.modules["snowflake.ml.runtime_cluster"] = types.SimpleNamespace(scale_cluster=scale_cluster)


class Frame:
    def to_pandas(self):
        checked(snowflake.snowpark.DataFrame.to_pandas, self)
        random = numpy.random.default_rng(1)
        orders = random.integers(1, 40, 500)
        tenure = random.integers(0, 900, 500)
        spent = orders * random.uniform(10, 90, 500)
        return pandas.DataFrame(
            {
                "CUSTOMER_ID": [f"c{number:04d}" for number in range(500)],
                "TOTAL_ORDERS": orders.astype(float),
                "TOTAL_SPENT": spent,
                "AVG_ORDER_VALUE": spent / orders,
                "CUSTOMER_TENURE_DAYS": tenure.astype(float),
                "ORDER_FREQUENCY": orders / (tenure + 1),
                "REVENUE_PER_ORDER": spent / orders,
                "LABEL": (tenure + random.integers(0, 300, 500) < 600).astype(int),
            }
        )


class Files:
    def put_stream(self, stream, location, **options):
        checked(snowflake.snowpark.FileOperation.put_stream, self, stream, location, **options)
        (folder / "model.ubj").write_bytes(stream.read())
        seen["put"] = {"location": location, **options}


class Session:
    file = Files()

    def sql(self, text, *given, **options):
        checked(snowflake.snowpark.Session.sql, self, text, *given, **options)
        seen["sql"] = text
        return Frame()


class Model:
    comment = ""

    def show_versions(self):
        return pandas.DataFrame({"comment": [seen["version_comment"]]})


class Registry:
    model = Model()

    def __init__(self, *given, **options):
        checked(RealRegistry.__init__, self, *given, **options)
        seen["registry"] = {name: value for name, value in options.items()}

    def show_models(self):
        checked(RealRegistry.show_models, self)
        return pandas.DataFrame({"name": ["CUSTOMER_CHURN_PREDICTOR"], "comment": [""]})

    def get_model(self, name):
        checked(RealRegistry.get_model, self, name)
        return self.model

    def log_model(self, model, **options):
        checked(RealRegistry.log_model, self, model, **options)
        pack(model, options)
        seen["logged"] = {
            "kind": type(model).__name__,
            **{name: options[name] for name in ("model_name", "comment", "metrics")},
        }


def pack(model, options):
    """As the real registry packs a model: its handler has to take it, and to score as the model does."""
    import tempfile

    from snowflake.ml.model._packager import model_packager

    with tempfile.TemporaryDirectory() as packed:
        model_packager.ModelPackager(packed).save(
            name=options["model_name"],
            model=model,
            sample_input_data=options["sample_input_data"],
            metadata={},
            conda_dependencies=options["conda_dependencies"],
            options={"embed_local_ml_library": False, "relax_version": False},
        )
        opened = model_packager.ModelPackager(packed)
        opened.load()
        signature = opened.meta.signatures["predict"]
        seen["inputs"] = [spec.name for spec in signature.inputs]


RealRegistry = registry_package.Registry
registry_package.Registry = Registry
checked(context.get_active_session)
context.get_active_session = Session


def train_here(request, datasets):
    """What train_booster.fit gives, without a cluster."""
    if fails:
        raise RuntimeError("a worker was lost")
    seen["request"] = {name: request[name] for name in ("workers", "rounds", "features")}
    rows = datasets["train"].to_pandas()
    data = xgboost.DMatrix(rows[request["features"]], label=rows["label"])
    booster = xgboost.train(request["params"], data, num_boost_round=request["rounds"])
    return {"model": bytes(booster.save_raw(raw_format="ubj")), "validation_log_loss": []}


ray = types.ModuleType("ray")
ray.__path__ = []
ray.init = lambda **options: seen.update(init=options)
ray.data = types.ModuleType("ray.data")
ray.data.from_arrow = lambda table: table
ray.cloudpickle = types.ModuleType("ray.cloudpickle")
ray.cloudpickle.register_pickle_by_value = lambda module: seen.update(travels=module.LABEL)
sys.modules.update({"ray": ray, "ray.data": ray.data, "ray.cloudpickle": ray.cloudpickle})
sys.modules["train_booster"] = types.SimpleNamespace(fit=train_here, LABEL="label")

spec = importlib.util.spec_from_file_location("retrain", repository / "ray" / "retrain_in_snowflake.py")
retrain = importlib.util.module_from_spec(spec)
spec.loader.exec_module(retrain)
seen["version_comment"] = "theirs" if sys.argv[3:] == ["others"] else "churn-mcp: ROC-AUC: 0.8000"
sys.argv = ["retrain_in_snowflake.py", "--models", "SHOP.MODELS", "--interactive", "SHOP.INTERACTIVE"]
try:
    retrain.main()
except (RuntimeError, SystemExit) as error:
    seen["failed"] = str(error)
print(json.dumps({**seen, "model_comment": Registry.model.comment}))
