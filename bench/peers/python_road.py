"""The whole road a data scientist would write: orders in Parquet -> features -> scikit-learn pipeline with XGBoost -> ONNX.

python python_road.py ORDERS.parquet THREADS OUT.onnx

The six features and the label of our default churn model (silent for more than 7 days as of the last order), a
stratified 80/20 split, class weight, 100 trees of depth 6, learning rate 0.1. Prints one line of JSON.
"""
import json
import resource
import sys
import time

started = time.perf_counter()
import duckdb
import onnxmltools  # noqa: F401
from onnxmltools.convert.xgboost.operator_converters.XGBoost import convert_xgboost
from skl2onnx import convert_sklearn, update_registered_converter
from skl2onnx.common.data_types import FloatTensorType
from skl2onnx.common.shape_calculator import calculate_linear_classifier_output_shapes
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from xgboost import XGBClassifier

orders, threads, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
connection = duckdb.connect()
connection.execute(f"set threads = {threads}")
table = connection.execute(
    """
    with last_day as (select max(cast(order_date as date)) as as_of from read_parquet($1))
    select
        count(*) as total_orders,
        sum(total_amount)::double as total_spent,
        avg(total_amount)::double as avg_order_value,
        datediff('day', min(order_date), max(order_date)) as customer_tenure_days,
        count(*) / (datediff('day', min(order_date), max(order_date)) + 1.0) as order_frequency,
        sum(total_amount)::double / count(*) as revenue_per_order,
        (datediff('day', max(cast(order_date as date)), any_value(as_of)) > 7)::int as is_churned
    from read_parquet($1), last_day
    group by customer_id
    order by customer_id
    """,
    [orders],
).df()
y = table.pop("is_churned")
X = table.astype("float32")
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=42)
model = XGBClassifier(
    n_estimators=100,
    max_depth=6,
    learning_rate=0.1,
    tree_method="hist",
    n_jobs=threads,
    scale_pos_weight=float((y_train == 0).sum() / (y_train == 1).sum()),
)
pipeline = Pipeline([("scale", StandardScaler()), ("model", model)])
pipeline.fit(X_train.to_numpy(), y_train)
auc = roc_auc_score(y_test, pipeline.predict_proba(X_test.to_numpy())[:, 1])
update_registered_converter(
    XGBClassifier,
    "XGBoostXGBClassifier",
    calculate_linear_classifier_output_shapes,
    convert_xgboost,
    options={"nocl": [True, False], "zipmap": [True, False, "columns"]},
)
onnx = convert_sklearn(
    pipeline,
    "churn",
    [("features", FloatTensorType([None, X.shape[1]]))],
    target_opset={"": 15, "ai.onnx.ml": 3},
    options={id(pipeline): {"zipmap": False}},
)
with open(out, "wb") as file:
    file.write(onnx.SerializeToString())
wall = time.perf_counter() - started
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(dict(wall=wall, peakMegabytes=peak, auc=float(auc), customers=len(X))))
