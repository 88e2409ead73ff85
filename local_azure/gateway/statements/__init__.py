"""One executor per policy statement: `registry.build` turns a statement into what a request runs."""
