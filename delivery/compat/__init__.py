"""Which changes of a contract break its consumers: `./dev compat`, and the sentences of the report."""
