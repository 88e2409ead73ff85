"""Trains the iris classifier on the data set that scikit-learn ships.

`python train.py FILE` writes the model to FILE. It runs in the model server's environment
(requirements/model-server.txt), never in the project's own.
"""

import sys

import joblib
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def main() -> None:
    """Train on four measurements of each flower in cm; the species are 0 setosa, 1 versicolor, 2 virginica."""
    measurements, species = load_iris(return_X_y=True)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=200))
    joblib.dump(model.fit(measurements, species), sys.argv[1])


if __name__ == "__main__":
    main()
