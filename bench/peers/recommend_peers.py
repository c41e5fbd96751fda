"""Published recommenders on the same orders and truth as ours; numpy and scipy only.

    python recommend_peers.py LINES.csv HORIZON_DAYS CUTOFF...

LINES.csv has the columns customer, product, day (ISO), one row per order line. Prints one JSON line per cutoff:
{"cutoff": ..., "figures": {METHOD: {FIGURE: ...}}}.

Buyers are customers with an order by the cutoff who bought something in the horizon after it; "new" figures rank and count
only products that the customer had not bought by the cutoff. Parameters are those of the papers, tuned on nothing here:

- GP-TopFreq: what the customer bought most often, then what sold most in the last 30 days.
- UP-CF (Faggioli et al., UMAP 2020): popularity within the customer's last baskets, shared among similar customers.
- TIFU-KNN (Hu et al., SIGIR 2020): time-decayed basket frequencies, blended with those of 300 neighbours.
- EASE (Steck, WWW 2019) on purchases that lose half their weight in 60 days.
- ALS (Hu et al., ICDM 2008): implicit matrix factorisation, 64 factors.
"""

import csv
import json
import sys
from datetime import date

import numpy as np
from scipy import sparse

DISCOUNTS = 1 / np.log2(np.arange(2, 12))


class History:
    """What was known at a cutoff: baskets are days with an order."""

    def __init__(self, lines, cutoff):
        known = [line for line in lines if line[2] <= cutoff]
        self.customers = sorted({line[0] for line in known})
        self.products = sorted({line[1] for line in known})
        row_of = {name: row for row, name in enumerate(self.customers)}
        column_of = {name: column for column, name in enumerate(self.products)}
        self.row_of, self.column_of = row_of, column_of
        self.shape = (len(self.customers), len(self.products))
        unique = sorted({(row_of[c], d, column_of[p]) for c, p, d in known})
        self.rows = np.array([u[0] for u in unique])
        self.ages = np.array([cutoff - u[1] for u in unique])
        self.columns = np.array([u[2] for u in unique])
        days = np.array([u[1] for u in unique])
        # The place of each basket among the customer's, from the latest (0) on, and how many there are.
        self.places = np.zeros(len(unique), dtype=int)
        self.baskets = np.zeros(self.shape[0], dtype=int)
        for begin, end in spans(self.rows):
            distinct, inverse = np.unique(days[begin:end], return_inverse=True)
            self.places[begin:end] = len(distinct) - 1 - inverse
            self.baskets[self.rows[begin]] = len(distinct)

    def matrix(self, weights):
        """Customers x products; weights of repeated purchases are summed."""
        return sparse.csr_matrix((weights, (self.rows, self.columns)), shape=self.shape)

    def counts(self):
        return self.matrix(np.ones(len(self.rows)))


def spans(sorted_values):
    starts = np.flatnonzero(np.r_[True, sorted_values[1:] != sorted_values[:-1]])
    return zip(starts, np.r_[starts[1:], len(sorted_values)])


def popularity(history):
    """By purchases of the last 30 days, then of all time; below 1."""
    recent = np.bincount(history.columns[history.ages < 30], minlength=history.shape[1])
    ever = np.bincount(history.columns, minlength=history.shape[1])
    score = recent + ever / (ever.max() + 1)
    return score / (score.max() + 1)


def popular(history, asked):
    return np.tile(popularity(history), (len(asked), 1))


def gp_topfreq(history, asked):
    return history.counts()[asked].toarray() + popularity(history)


def up_cf(history, asked, window=10, alpha=0.25, locality=5, block=256):
    is_recent = history.places < window
    share = is_recent / np.minimum(window, history.baskets[history.rows])
    recent = history.matrix(share)
    owned = history.counts().sign()
    sizes = np.asarray(owned.sum(axis=1)).ravel()
    scores = np.zeros((len(asked), history.shape[1]))
    for begin in range(0, len(asked), block):
        some = asked[begin : begin + block]
        common = (owned[some] @ owned.T).toarray()
        similarity = common / (sizes[some][:, None] ** alpha * sizes[None, :] ** (1 - alpha))
        scores[begin : begin + block] = (recent.T @ (similarity**locality).T).T
    return scores + 1e-9 * popularity(history)


def tifu_knn(history, asked, group=7, within=0.9, between=0.7, neighbours=300, own=0.7, block=256):
    # Groups of baskets from the latest on; the earliest group may be smaller.
    place_in_group = history.places % group
    group_of = history.places // group
    groups = -(-history.baskets // group)
    in_group = np.minimum(group, history.baskets[history.rows] - group_of * group)
    weights = within**place_in_group / in_group * between**group_of / groups[history.rows]
    vectors = history.matrix(weights)
    squares = np.asarray(vectors.multiply(vectors).sum(axis=1)).ravel()
    scores = np.zeros((len(asked), history.shape[1]))
    most = min(neighbours, history.shape[0] - 1)
    for begin in range(0, len(asked), block):
        some = asked[begin : begin + block]
        distance = squares[some][:, None] + squares[None, :] - 2 * (vectors[some] @ vectors.T).toarray()
        distance[np.arange(len(some)), some] = np.inf
        nearest = np.argpartition(distance, most - 1, axis=1)[:, :most]
        for at, row in enumerate(some):
            shared = np.asarray(vectors[nearest[at]].mean(axis=0)).ravel()
            scores[begin + at] = own * vectors[row].toarray().ravel() + (1 - own) * shared
    return scores + 1e-9 * popularity(history)


def ease(history, asked, half_life=60, penalty=50):
    decayed = history.matrix(0.5 ** (history.ages / half_life))
    decayed.data = np.minimum(decayed.data, 1)
    gram = (decayed.T @ decayed).toarray()
    gram[np.diag_indices_from(gram)] += penalty
    inverse = np.linalg.inv(gram)
    weights = inverse / -np.diag(inverse)
    np.fill_diagonal(weights, 0)
    return decayed[asked] @ weights + 1e-9 * popularity(history)


def als(history, asked, factors=64, penalty=10.0, confidence=10.0, rounds=10):
    counts = history.counts()
    random = np.random.default_rng(42)
    products = random.normal(0, 0.01, (history.shape[1], factors))
    customers = np.zeros((history.shape[0], factors))
    transposed = counts.T.tocsr()
    for _ in range(rounds):
        solve_side(customers, products, counts, penalty, confidence)
        solve_side(products, customers, transposed, penalty, confidence)
    return customers[asked] @ products.T


def solve_side(side, other, counts, penalty, confidence):
    gram = other.T @ other + penalty * np.eye(other.shape[1])
    for row in range(len(side)):
        begin, end = counts.indptr[row], counts.indptr[row + 1]
        seen = other[counts.indices[begin:end]]
        extra = confidence * np.log1p(counts.data[begin:end])
        side[row] = np.linalg.solve(gram + (seen.T * extra) @ seen, seen.T @ (1 + extra))


METHODS = {
    "best-sellers of 30 days": popular,
    "GP-TopFreq": gp_topfreq,
    "UP-CF": up_cf,
    "TIFU-KNN": tifu_knn,
    "EASE with decay": ease,
    "ALS": als,
}


def judge(lines, cutoff, horizon):
    history = History(lines, cutoff)
    truth = {}
    for customer, product, day in lines:
        if cutoff < day <= cutoff + horizon and customer in history.row_of:
            truth.setdefault(history.row_of[customer], set()).add(history.column_of.get(product, product))
    asked = np.array(sorted(truth))
    owned = history.counts()[asked].toarray() > 0
    figures = {}
    for name, method in METHODS.items():
        scores = np.asarray(method(history, asked))
        figures[name] = figures_of(scores, owned, [truth[row] for row in asked])
    return figures


def figures_of(scores, owned, truths):
    every, new = [], []
    for score, own, truth in zip(scores, owned, truths):
        hits = np.array([column in truth for column in first(score)])
        ideal = DISCOUNTS[: min(10, len(truth))].sum()
        every.append((hits[:5].any(), hits.sum() / len(truth), hits @ DISCOUNTS[: len(hits)] / ideal))
        is_new = {item for item in truth if isinstance(item, str) or not own[item]}
        if is_new:
            hits = np.array([column in is_new for column in first(np.where(own, -np.inf, score))])
            new.append((hits[:5].any(), hits.sum() / len(is_new)))
    names = ["hit_rate_at_5", "recall_at_10", "ndcg_at_10", "new_hit_rate_at_5", "new_recall_at_10"]
    return dict(zip(names, [*np.mean(every, axis=0), *(np.mean(new, axis=0) if new else (0, 0))]))


def first(score, count=10):
    """Equal scores: by product id."""
    return np.argsort(-score, kind="stable")[:count]


def main(path, horizon, cutoffs):
    with open(path, newline="", encoding="utf-8") as file:
        lines = [
            (line["customer"], line["product"], date.fromisoformat(line["day"]).toordinal())
            for line in csv.DictReader(file)
        ]
    for cutoff in cutoffs:
        figures = judge(lines, date.fromisoformat(cutoff).toordinal(), int(horizon))
        print(json.dumps({"cutoff": cutoff, "figures": figures}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
