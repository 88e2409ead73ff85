"""Trains a regression on the diabetes data set that scikit-learn ships.

`python train.py FILE` writes the model to FILE. It runs in the model server's environment
(requirements/model-server.txt), never in the project's own.
"""

import sys

import joblib
from sklearn.datasets import load_diabetes
from sklearn.ensemble import HistGradientBoostingRegressor


def main() -> None:
    """Train on ten standardized measurements of each patient; the target is a measure of progression after a year."""
    measurements, progression = load_diabetes(return_X_y=True)
    model = HistGradientBoostingRegressor(max_iter=50, random_state=0)
    joblib.dump(model.fit(measurements, progression), sys.argv[1])


if __name__ == "__main__":
    main()
