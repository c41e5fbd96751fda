"""Trains XGBoost on the data of a folder, saves the model there, and then scores or explains as often as it is asked.

python score_peer.py FOLDER ROWS FEATURES MAX_DEPTH

Each line of the input is "score THREADS" or "explain ROWS"; each is answered with a line of JSON: wall and user CPU seconds.
"""
import json
import resource
import sys
import time

import numpy as np
import xgboost

folder, rows, features, depth = sys.argv[1], *map(int, sys.argv[2:5])
X = np.fromfile(f"{folder}/columns.f32", dtype=np.float32).reshape(features, rows).T.copy()
y = np.fromfile(f"{folder}/labels.f32", dtype=np.float32)
params = dict(objective="binary:logistic", tree_method="hist", max_depth=depth, learning_rate=0.1, max_bin=256, nthread=2)
model = xgboost.train(params, xgboost.QuantileDMatrix(X, y, max_bin=256), 100)
model.save_model(f"{folder}/model.ubj")
explainer = None
print(json.dumps(dict(version=xgboost.__version__)), flush=True)


def timed(work):
    cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    started = time.perf_counter()
    result = work()
    wall = time.perf_counter() - started
    cpu = resource.getrusage(resource.RUSAGE_SELF).ru_utime - cpu
    print(json.dumps(dict(wall=wall, cpu=cpu, sum=float(np.abs(result).sum(dtype=np.float64)))), flush=True)


for line in sys.stdin:
    task, number = line.split()
    if task == "score":
        model.set_param(dict(nthread=int(number)))
        timed(lambda: model.inplace_predict(X))
    else:
        if explainer is None:
            import shap

            model.set_param(dict(nthread=1))
            explainer = shap.TreeExplainer(model, feature_perturbation="tree_path_dependent")
        timed(lambda: explainer.shap_values(X[: int(number)]))
