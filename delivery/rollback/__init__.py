"""Going back: what a model was at an earlier revision, deployed with the programs of today."""
