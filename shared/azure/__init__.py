"""Facts about Azure as data: SKUs, limits, policy statements. Imports nothing of this project."""
