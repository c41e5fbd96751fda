"""Tries sets of parameters with XGBoost on a Ray cluster. Ray Tune runs them side by side, each in its own process.

The request is in request.json beside this file. It has the sets, in the order in which they begin. The job prints the
validation metrics of each set, in a line that begins with MARK, as soon as it is done. The submitter ranks the sets.
"""

import json
import os
import pathlib
import shutil
import tempfile
import time

import pyarrow.parquet
import ray
import ray.tune
import xgboost

MARK = "churn-mcp "
LABEL, WEIGHT = "label", "weight"


def say(kind, **fields):
    print(MARK + json.dumps({"kind": kind, **fields}), flush=True)


class SayTrials(ray.tune.Callback):
    """Prints the end of every trial, from the process that runs Ray Tune."""

    def on_trial_complete(self, iteration, trials, trial, **info):
        result = trial.last_result
        if result.get("skipped", True):
            return
        say(
            "trial",
            number=trial.config["number"],
            validation_log_loss=result["validation_log_loss"],
            auc=result["auc"],
        )

    def on_trial_error(self, iteration, trials, trial, **info):
        say("trial_failed", number=trial.config["number"])


def matrix_of(table, features):
    rows = table.to_pandas()
    weight = rows[WEIGHT] if WEIGHT in rows.columns else None
    return xgboost.DMatrix(rows[features], label=rows[LABEL], weight=weight)


def run_trial(config, request=None, train=None, validation=None, begun=None):
    """Trains with one set of parameters and early stopping. After the time budget only the first set may begin."""
    budget = request["time_budget_s"]
    if config["number"] > 0 and budget is not None and time.time() - begun > budget:
        ray.tune.report({"skipped": True})
        return
    history = {}
    xgboost.train(
        {**request["sets"][config["number"]], "nthread": request["cpus_per_worker"]},
        matrix_of(train, request["features"]),
        num_boost_round=request["rounds"],
        evals=[(matrix_of(validation, request["features"]), "validation")],
        evals_result=history,
        early_stopping_rounds=request["early_stopping_rounds"],
        verbose_eval=False,
    )
    scores = history["validation"]
    best = min(range(len(scores["logloss"])), key=scores["logloss"].__getitem__)
    ray.tune.report(
        {"skipped": False, "validation_log_loss": scores["logloss"], "auc": scores["auc"][best]}
    )


def read(source):
    path = source["path"] if "path" in source else pathlib.Path(__file__).parent / source["file"]
    return pyarrow.parquet.read_table(path)


def main():
    request = json.loads((pathlib.Path(__file__).parent / "request.json").read_text())
    # Before other nodes unpack the job's package: nodes that share a disk replace the folder in which these files lie.
    train, validation = (read(request["tables"][name]) for name in ("train", "validation"))
    ray.init()
    say("versions", ray=ray.__version__, xgboost=xgboost.__version__)
    say("begin", workers=request["workers"])
    # Ray Tune needs a folder for its own records. Without storage it is a temporary one, which nothing else reads.
    own = None if "storage_path" in request else tempfile.mkdtemp(prefix="churn-mcp-ray-")
    # Rows go to the object store once for all trials.
    trial = ray.tune.with_parameters(
        run_trial,
        request=request,
        train=train,
        validation=validation,
        begun=time.time(),
    )
    tuner = ray.tune.Tuner(
        ray.tune.with_resources(trial, {"CPU": request["cpus_per_worker"]}),
        param_space={"number": ray.tune.grid_search(list(range(len(request["sets"]))))},
        tune_config=ray.tune.TuneConfig(max_concurrent_trials=request["workers"]),
        run_config=ray.tune.RunConfig(
            name=request["name"],
            storage_path=own or request["storage_path"],
            failure_config=ray.tune.FailureConfig(max_failures=request["max_failures"]),
            callbacks=[SayTrials()],
            verbose=0,
        ),
    )
    # Nodes on one machine unpack the job into the same folder and may remove it, so Tune must not run in it.
    os.chdir(tempfile.gettempdir())
    try:
        tuner.fit()
    finally:
        if own is not None:
            shutil.rmtree(own, ignore_errors=True)
    say("end", validation_log_loss=[])


if __name__ == "__main__":
    main()
