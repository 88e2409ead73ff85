"""MLflow as the judge of contracts that are made from its signatures."""
