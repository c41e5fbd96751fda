"""Trains one booster with XGBoost on a Ray cluster and prints the model for the machine that submitted the job.

The request is in request.json beside this file. Rows are Parquet files: in storage that the whole cluster can read or, if
there is none, in the job's own package. The job prints messages to the submitter as lines that begin with MARK: progress by
round, and the model in pieces. So the submitter and the cluster need no common storage. Checkpoints go to the cluster's
storage if there is one, and otherwise to an actor beside the driver.
"""

import base64
import gzip
import json
import pathlib
import shutil
import tempfile

import pyarrow.parquet
import ray
import ray.data
import ray.train
import ray.train.xgboost
import xgboost
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

MARK = "churn-mcp "
# Ray forwards the lines of workers and cuts long ones.
PIECE = 2000
LABEL, WEIGHT = "label", "weight"
CHECKPOINT = "model.ubj"
# The attribute of a checkpoint that holds the validation log-loss by round so far.
LOSSES = "validation_log_loss"


def say(kind, **fields):
    print(MARK + json.dumps({"kind": kind, **fields}), flush=True)


@ray.remote(num_cpus=0)
class Mailbox:
    """Carries the latest checkpoint and the model between workers and driver, on whichever machines they run."""

    def __init__(self):
        self.kept = None
        self.result = None

    def keep(self, model):
        self.kept = model

    def get_kept(self):
        return self.kept

    def put(self, result):
        self.result = result

    def get(self):
        return self.result


def open_mailbox():
    """Creates the mailbox on the driver's machine, which scaling never removes."""
    here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
    return Mailbox.options(scheduling_strategy=here).remote()


class SayProgress(xgboost.callback.TrainingCallback):
    """Prints the round and the validation metrics. One of the workers does it for all."""

    def __init__(self, done):
        self.done = done

    def after_iteration(self, model, epoch, evals_log):
        if ray.train.get_context().get_world_rank() != 0:
            return False
        validation = {name: values[-1] for name, values in evals_log.get("validation", {}).items()}
        say("round", round=self.done + epoch + 1, **validation)
        return False


class KeepRounds(xgboost.callback.TrainingCallback):
    """Reports metrics and a checkpoint every few rounds: all workers wait for a report, about two seconds."""

    def __init__(self, done, losses, config):
        self.done = done
        self.losses = losses
        self.every = config["checkpoint_every"]
        self.mailbox = config["mailbox"]
        self.has_storage = config["has_storage"]

    def after_iteration(self, model, epoch, evals_log):
        round = self.done + epoch + 1
        if round % self.every != 0:
            return False
        validation = evals_log.get("validation", {})
        metrics = {"round": round, **{f"validation_{name}": values[-1] for name, values in validation.items()}}
        with tempfile.TemporaryDirectory() as folder:
            checkpoint = None
            if ray.train.get_context().get_world_rank() == 0:
                model.set_attr(**{LOSSES: json.dumps(self.losses + validation.get("logloss", []))})
                if self.has_storage:
                    model.save_model(pathlib.Path(folder) / CHECKPOINT)
                    checkpoint = ray.train.Checkpoint.from_directory(folder)
                else:
                    ray.get(self.mailbox.keep.remote(bytes(model.save_raw(raw_format="ubj"))))
            ray.train.report(metrics, checkpoint=checkpoint)
        return False


def kept_booster(config):
    """The latest checkpoint, from which a worker that replaces a lost one goes on; None at the beginning."""
    if not config["has_storage"]:
        kept = ray.get(config["mailbox"].get_kept.remote())
        return None if kept is None else xgboost.Booster(model_file=bytearray(kept))
    checkpoint = ray.train.get_checkpoint()
    if checkpoint is None:
        return None
    with checkpoint.as_directory() as folder:
        return xgboost.Booster(model_file=str(pathlib.Path(folder) / CHECKPOINT))


def matrix_of(shard, features):
    rows = shard.materialize().to_pandas()
    weight = rows[WEIGHT] if WEIGHT in rows.columns else None
    return xgboost.DMatrix(rows[features], label=rows[LABEL], weight=weight)


def train_on_worker(config):
    """Trains on the rows of one worker. XGBoost sums the histograms of all workers."""
    features = config["features"]
    train = matrix_of(ray.train.get_dataset_shard("train"), features)
    evals = []
    if config["has_validation"]:
        evals.append((matrix_of(ray.train.get_dataset_shard("validation"), features), "validation"))
    history = {}
    kept = kept_booster(config)
    done = 0 if kept is None else kept.num_boosted_rounds()
    losses = [] if kept is None else json.loads(kept.attr(LOSSES))
    booster = xgboost.train(
        config["params"],
        train,
        num_boost_round=config["rounds"] - done,
        evals=evals,
        evals_result=history,
        xgb_model=kept,
        early_stopping_rounds=config["early_stopping_rounds"] if evals else None,
        verbose_eval=False,
        callbacks=[SayProgress(done), KeepRounds(done, losses, config)],
    )
    if ray.train.get_context().get_world_rank() == 0:
        model = bytes(booster.save_raw(raw_format="ubj"))
        losses = losses + history.get("validation", {}).get("logloss", [])
        ray.get(config["mailbox"].put.remote({"model": model, "validation_log_loss": losses}))


def read_packed(tables):
    """The tables that came with the job, by name; tables in storage are left to the workers."""
    here = pathlib.Path(__file__).parent
    return {name: pyarrow.parquet.read_table(here / source["file"]) for name, source in tables.items() if "file" in source}


def dataset_of(name, source, packed):
    """A table in storage, or one that came with the job, which reaches the workers through the object store."""
    return ray.data.read_parquet(source["path"]) if "path" in source else ray.data.from_arrow(packed[name])


def fit(request, datasets):
    """Trains on the cluster that Ray is connected to, and returns the model and its validation log-loss by round."""
    workers = request["workers"]
    mailbox = open_mailbox()
    say("begin", workers=workers)
    # Ray Train needs a folder for its own records. Without storage it is a temporary one, which nothing else reads.
    own = None if "storage_path" in request else tempfile.mkdtemp(prefix="churn-mcp-ray-")
    trainer = ray.train.xgboost.XGBoostTrainer(
        train_on_worker,
        train_loop_config={
            "params": {**request["params"], "nthread": request["cpus_per_worker"]},
            "rounds": request["rounds"],
            "early_stopping_rounds": request["early_stopping_rounds"],
            "checkpoint_every": request["checkpoint_every"],
            "features": request["features"],
            "has_validation": "validation" in datasets,
            "has_storage": own is None,
            "mailbox": mailbox,
        },
        datasets=datasets,
        scaling_config=ray.train.ScalingConfig(
            num_workers=workers, resources_per_worker={"CPU": request["cpus_per_worker"]}
        ),
        run_config=ray.train.RunConfig(
            name=request["name"],
            storage_path=own or request["storage_path"],
            failure_config=ray.train.FailureConfig(max_failures=request["max_failures"]),
            checkpoint_config=ray.train.CheckpointConfig(num_to_keep=1),
        ),
    )
    try:
        trainer.fit()
    finally:
        if own is not None:
            shutil.rmtree(own, ignore_errors=True)
    return ray.get(mailbox.get.remote())


def main():
    request = json.loads((pathlib.Path(__file__).parent / "request.json").read_text())
    # Before other nodes unpack the job's package: nodes that share a disk replace the folder in which these files lie.
    packed = read_packed(request["tables"])
    ray.init()
    say("versions", ray=ray.__version__, xgboost=xgboost.__version__)
    datasets = {name: dataset_of(name, source, packed) for name, source in request["tables"].items()}
    result = fit(request, datasets)
    packed = base64.b64encode(gzip.compress(result["model"])).decode()
    pieces = [packed[at : at + PIECE] for at in range(0, len(packed), PIECE)]
    for number, piece in enumerate(pieces):
        say("model", number=number, of=len(pieces), data=piece)
    say("end", validation_log_loss=result["validation_log_loss"])


if __name__ == "__main__":
    main()
