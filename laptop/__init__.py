"""The whole system on one laptop: what `./dev local` and `./dev env` do."""
