"""Trains a peer once on the data of a folder and prints what it took as one line of JSON.

python train_peer.py xgboost|lightgbm|catboost|scikit-learn FOLDER ROWS FEATURES MAX_DEPTH THREADS
"""
import json
import resource
import sys
import time

import numpy as np

library, folder, rows, features, depth, threads = sys.argv[1], sys.argv[2], *map(int, sys.argv[3:7])
X = np.fromfile(f"{folder}/columns.f32", dtype=np.float32).reshape(features, rows).T.copy()
y = np.fromfile(f"{folder}/labels.f32", dtype=np.float32)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if library == "xgboost":
    import xgboost
elif library == "lightgbm":
    import lightgbm
elif library == "catboost":
    import catboost
else:
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

cpu = cpu_seconds()
started = time.perf_counter()
if library == "xgboost":
    data = xgboost.QuantileDMatrix(X, y, nthread=threads, max_bin=256)
    params = dict(
        objective="binary:logistic", tree_method="hist", max_depth=depth, learning_rate=0.1, max_bin=256, nthread=threads
    )
    model = xgboost.train(params, data, 100)
elif library == "catboost":
    # Symmetric trees are its default, and what it is fast with.
    model = catboost.CatBoostClassifier(
        iterations=100,
        depth=depth,
        learning_rate=0.1,
        border_count=254,
        thread_count=threads,
        boosting_type="Plain",
        allow_writing_files=False,
        verbose=False,
    ).fit(X, y)
elif library == "scikit-learn":
    model = HistGradientBoostingClassifier(
        max_iter=100,
        max_depth=depth,
        max_leaf_nodes=2**depth,
        learning_rate=0.1,
        max_bins=255,
        min_samples_leaf=1,
        l2_regularization=1,
        early_stopping=False,
    )
    with threadpool_limits(limits=threads):
        model.fit(X, y)
else:
    params = dict(
        objective="binary",
        max_depth=depth,
        num_leaves=2**depth,
        learning_rate=0.1,
        max_bin=255,
        num_threads=threads,
        min_data_in_leaf=1,
        min_sum_hessian_in_leaf=1,
        lambda_l2=1,
        verbose=-1,
    )
    model = lightgbm.train(params, lightgbm.Dataset(X, y), 100)
wall = time.perf_counter() - started
cpu = cpu_seconds() - cpu
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def predict():
    if library == "xgboost":
        return model.inplace_predict(X)
    if library == "catboost":
        return model.predict_proba(X, thread_count=threads)[:, 1]
    if library == "scikit-learn":
        with threadpool_limits(limits=threads):
            return model.predict_proba(X)[:, 1]
    return model.predict(X, num_threads=threads)


if library == "xgboost":
    model.set_param(dict(nthread=threads))
predict()
started = time.perf_counter()
scores = predict()
scoring = time.perf_counter() - started
order = np.argsort(scores, kind="stable")
ranks = np.empty(rows)
ranks[order] = np.arange(1, rows + 1)
positives = y.sum()
auc = (ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * (rows - positives))
print(json.dumps(dict(wall=wall, cpu=cpu, peakMegabytes=peak, auc=float(auc), scoring=scoring)))
