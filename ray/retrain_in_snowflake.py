"""Trains the reference's churn model with Ray inside Snowflake's container runtime, and registers it there.

usage, in a notebook of the container runtime or an ML job, with train_booster.py beside this file:

    python retrain_in_snowflake.py [--nodes 4] [--as-is] [--interactive SHOP.INTERACTIVE] [--models SHOP.MODELS]

It reads the dynamic table CHURN_FEATURES of a deployment. A customer has churned if they have not ordered for more than seven
days. A fifth of the customers is held out by a hash of their id, and the figures are of them. The cluster is scaled from one node
to --nodes and back to one, whatever happens between. The model goes to the Model Registry, and as model.ubj to the stage
MODEL_FILES, from where "churn-mcp models import" takes it, judges it on the shop's orders and serves it.

snowflake.ml.runtime_cluster exists in the container runtime only; everything else here is in packages of PyPI.
"""

import argparse
import datetime
import hashlib
import io
import json

import numpy
import pyarrow
import ray
import ray.cloudpickle
import ray.data
import xgboost
from snowflake.ml.registry import Registry
from snowflake.snowpark.context import get_active_session

import train_booster

FEATURES = [
    "TOTAL_ORDERS",
    "TOTAL_SPENT",
    "AVG_ORDER_VALUE",
    "CUSTOMER_TENURE_DAYS",
    "ORDER_FREQUENCY",
    "REVENUE_PER_ORDER",
]
CHURNED_AFTER_DAYS = 7
# One in five.
HELD_OUT = 5
ROUNDS = 100
PARAMS = {
    "objective": "binary:logistic",
    "tree_method": "hist",
    "max_depth": 6,
    "learning_rate": 0.1,
    "seed": 42,
    "eval_metric": ["logloss", "auc"],
}
MODEL = "CUSTOMER_CHURN_PREDICTOR"
MARK = "churn-mcp: "


def scale_to(nodes):
    """Imported where it is needed: the cluster of an ML job cannot be scaled."""
    from snowflake.ml.runtime_cluster import scale_cluster

    scale_cluster(nodes)


def read_rows(session, schema):
    columns = ", ".join(f"cast({feature} as double) as {feature}" for feature in FEATURES)
    rows = session.sql(
        f"select cast(customer_id as varchar) as customer_id, {columns}, "
        f"iff(days_since_last_order > {CHURNED_AFTER_DAYS}, 1, 0) as label "
        f"from {schema}.churn_features order by customer_id"
    ).to_pandas()
    labels = rows["LABEL"].to_numpy()
    if len(rows) == 0 or labels.min() == labels.max():
        raise SystemExit(f"{schema}.CHURN_FEATURES has no customers of both kinds: there is nothing to learn.")
    return rows


def is_held_out(customer_id):
    return int(hashlib.md5(customer_id.encode()).hexdigest(), 16) % HELD_OUT == 0


def table_of(rows):
    columns = {feature: rows[feature].to_numpy(dtype="float32") for feature in FEATURES}
    return pyarrow.table({**columns, train_booster.LABEL: rows["LABEL"].to_numpy(dtype="float32")})


def train(rows, workers, cpus_per_worker):
    """The booster, by the trainer that every cluster of churn-mcp uses."""
    churned = float(rows["LABEL"].sum())
    request = {
        "name": "churn-mcp-retrain",
        # As the reference weighs them.
        "params": {**PARAMS, "scale_pos_weight": (len(rows) - churned) / churned},
        "rounds": ROUNDS,
        "early_stopping_rounds": None,
        "checkpoint_every": 25,
        "features": FEATURES,
        "workers": workers,
        "cpus_per_worker": cpus_per_worker,
        "max_failures": 2,
    }
    result = train_booster.fit(request, {"train": ray.data.from_arrow(table_of(rows))})
    return xgboost.Booster(model_file=bytearray(result["model"]))


def figures_of(booster, rows):
    """ROC-AUC by ranks, and what the threshold 0.5 gives, of customers that were held out."""
    scores = booster.predict(xgboost.DMatrix(rows[FEATURES].astype("float32")))
    churned = rows["LABEL"].to_numpy() == 1
    ranks = rows.assign(SCORE=scores)["SCORE"].rank().to_numpy()
    positives, negatives = int(churned.sum()), int((~churned).sum())
    if positives == 0 or negatives == 0:
        raise SystemExit("The customers that were held out are all of one kind: there is nothing to measure.")
    above = scores >= 0.5
    hits = int((above & churned).sum())
    return {
        "roc_auc": float((ranks[churned].sum() - positives * (positives + 1) / 2) / (positives * negatives)),
        "accuracy": float((above == churned).mean()),
        "churned_recall": hits / positives,
        "f1": 2 * hits / (int(above.sum()) + positives),
        "test_samples": len(rows),
        "churn_rate": float(numpy.mean(churned)),
    }


def assert_ours(registry):
    """A model of that name that others made gets no version of ours."""
    models = registry.show_models()
    comments = dict(zip(models["name"], models["comment"])) if len(models) > 0 else {}
    if MODEL not in comments or (comments[MODEL] or "").startswith(MARK):
        return
    # A registration that was killed before it said whose the model is leaves versions that say so.
    versions = registry.get_model(MODEL).show_versions()
    if not all((comment or "").startswith(MARK) for comment in versions["comment"]):
        raise SystemExit(f"The model {MODEL} is there already, and churn-mcp did not make it.")


def register(registry, booster, rows, figures, now):
    version = now.strftime("V_%Y%m%d_%H%M%S")
    comment = f"{MARK}ROC-AUC: {figures['roc_auc']:.4f} F1: {figures['f1']:.4f} trained with Ray in Snowflake"
    registry.log_model(
        booster,
        model_name=MODEL,
        version_name=version,
        comment=comment,
        metrics=figures,
        sample_input_data=rows[FEATURES].head(100),
        conda_dependencies=["xgboost"],
        target_platforms=["WAREHOUSE"],
    )
    registered = registry.get_model(MODEL)
    if not registered.comment:
        registered.comment = f"{MARK}versions of {MODEL.lower()}"
    return version


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--nodes", type=int, default=4, help="nodes to train on")
    parser.add_argument("--as-is", action="store_true", help="the cluster has these nodes already, as in an ML job")
    parser.add_argument("--cpus-per-node", type=int, default=1)
    parser.add_argument("--interactive", default="INTERACTIVE", help="schema of CHURN_FEATURES")
    parser.add_argument("--models", default="MODELS", help="schema of the model and of the stage MODEL_FILES")
    options = parser.parse_args()
    session = get_active_session()
    *database, schema = options.models.split(".")
    registry = Registry(session, database_name=database[0] if database else None, schema_name=schema)
    assert_ours(registry)
    rows = read_rows(session, options.interactive)
    held_out = rows["CUSTOMER_ID"].map(is_held_out)
    ray.init(address="auto", ignore_reinit_error=True)
    # Only this node has the file: its functions travel whole.
    ray.cloudpickle.register_pickle_by_value(train_booster)
    try:
        if not options.as_is:
            scale_to(options.nodes)
        booster = train(rows[~held_out], options.nodes, options.cpus_per_node)
    finally:
        # Also after a failure: nodes are paid for by the second.
        if not options.as_is:
            scale_to(1)
    figures = figures_of(booster, rows[held_out])
    now = datetime.datetime.now(datetime.timezone.utc)
    version = register(registry, booster, rows, figures, now)
    folder = f"@{options.models}.MODEL_FILES/ray/{version}"
    session.file.put_stream(io.BytesIO(booster.save_raw("ubj")), f"{folder}/model.ubj", auto_compress=False)
    print(json.dumps({"model": MODEL, "version": version, "file": f"{folder}/model.ubj", **figures}))


if __name__ == "__main__":
    main()
