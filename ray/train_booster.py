"""Trains one booster with XGBoost on a Ray cluster, and hands the model to whoever submitted the job.

The request stands in request.json beside this file. Rows come as Parquet: from a place that the whole cluster can read,
or, where there is none, from the job's own package. What concerns the submitter is printed as lines that begin with
MARK: progress by round, and the model itself in pieces, so that no storage has to be shared.
"""

import base64
import gzip
import json
import pathlib
import tempfile

import pyarrow.parquet
import ray
import ray.data
import ray.train
import ray.train.xgboost
import xgboost

MARK = "churn-mcp "
# Ray passes on the lines of workers; long ones are cut.
PIECE = 2000
LABEL, WEIGHT = "label", "weight"
CHECKPOINT = "model.ubj"


def say(kind, **fields):
    print(MARK + json.dumps({"kind": kind, **fields}), flush=True)


@ray.remote(num_cpus=0)
class Mailbox:
    """Takes the model from the worker that has it to the driver, whichever machines they run on."""

    def __init__(self):
        self.result = None

    def put(self, result):
        self.result = result

    def get(self):
        return self.result


class SayProgress(xgboost.callback.TrainingCallback):
    """Round and validation metrics, from one of the workers."""

    def after_iteration(self, model, epoch, evals_log):
        if ray.train.get_context().get_world_rank() != 0:
            return False
        validation = {name: values[-1] for name, values in evals_log.get("validation", {}).items()}
        say("round", round=epoch + 1, **validation)
        return False


class KeepRounds(xgboost.callback.TrainingCallback):
    """Metrics and a checkpoint to storage now and then: a report is a barrier of all workers and takes about two seconds."""

    def __init__(self, every):
        self.every = every

    def after_iteration(self, model, epoch, evals_log):
        if (epoch + 1) % self.every != 0:
            return False
        metrics = {"round": epoch + 1}
        for name, values in evals_log.get("validation", {}).items():
            metrics[f"validation_{name}"] = values[-1]
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = None
            if ray.train.get_context().get_world_rank() == 0:
                model.save_model(pathlib.Path(folder) / CHECKPOINT)
                checkpoint = ray.train.Checkpoint.from_directory(folder)
            ray.train.report(metrics, checkpoint=checkpoint)
        return False


def matrix_of(shard, features):
    rows = shard.materialize().to_pandas()
    weight = rows[WEIGHT] if WEIGHT in rows.columns else None
    return xgboost.DMatrix(rows[features], label=rows[LABEL], weight=weight)


def train_on_worker(config):
    """What every worker runs, on rows of its own; XGBoost sums histograms over all of them."""
    features = config["features"]
    train = matrix_of(ray.train.get_dataset_shard("train"), features)
    evals = []
    if config["has_validation"]:
        evals.append((matrix_of(ray.train.get_dataset_shard("validation"), features), "validation"))
    history = {}
    rounds, done, booster = config["rounds"], 0, None
    checkpoint = ray.train.get_checkpoint()
    if checkpoint:
        # A worker was lost: go on from the last round that was kept.
        with checkpoint.as_directory() as folder:
            booster = xgboost.Booster(model_file=str(pathlib.Path(folder) / CHECKPOINT))
        done = booster.num_boosted_rounds()
    booster = xgboost.train(
        config["params"],
        train,
        num_boost_round=rounds - done,
        evals=evals,
        evals_result=history,
        xgb_model=booster,
        early_stopping_rounds=config["early_stopping_rounds"] if evals else None,
        verbose_eval=False,
        callbacks=[
            SayProgress(),
            KeepRounds(config["checkpoint_every"]),
        ],
    )
    if ray.train.get_context().get_world_rank() == 0:
        losses = history.get("validation", {}).get("logloss", [])
        model = bytes(booster.save_raw(raw_format="ubj"))
        ray.get(config["mailbox"].put.remote({"model": model, "validation_log_loss": losses}))


def table_of(source):
    """A file that came with the job is read here and goes to the workers through the object store."""
    if "path" in source:
        return ray.data.read_parquet(source["path"])
    here = pathlib.Path(__file__).parent
    return ray.data.from_arrow(pyarrow.parquet.read_table(here / source["file"]))


def main():
    request = json.loads((pathlib.Path(__file__).parent / "request.json").read_text())
    workers = request["workers"]
    ray.init()
    say("versions", ray=ray.__version__, xgboost=xgboost.__version__)
    mailbox = Mailbox.remote()
    datasets = {name: table_of(source) for name, source in request["tables"].items()}
    say("begin", workers=workers)
    trainer = ray.train.xgboost.XGBoostTrainer(
        train_on_worker,
        train_loop_config={
            "params": {**request["params"], "nthread": request["cpus_per_worker"]},
            "rounds": request["rounds"],
            "early_stopping_rounds": request["early_stopping_rounds"],
            "checkpoint_every": request["checkpoint_every"],
            "features": request["features"],
            "has_validation": "validation" in datasets,
            "mailbox": mailbox,
        },
        datasets=datasets,
        scaling_config=ray.train.ScalingConfig(
            num_workers=workers, resources_per_worker={"CPU": request["cpus_per_worker"]}
        ),
        run_config=ray.train.RunConfig(
            name=request["name"],
            storage_path=request.get("storage_path"),
            failure_config=ray.train.FailureConfig(max_failures=request["max_failures"]),
            checkpoint_config=ray.train.CheckpointConfig(num_to_keep=1),
        ),
    )
    trainer.fit()
    result = ray.get(mailbox.get.remote())
    packed = base64.b64encode(gzip.compress(result["model"])).decode()
    pieces = [packed[at : at + PIECE] for at in range(0, len(packed), PIECE)]
    for number, piece in enumerate(pieces):
        say("model", number=number, of=len(pieces), data=piece)
    say("end", validation_log_loss=result["validation_log_loss"])


if __name__ == "__main__":
    main()
