"""The library that the stacks share: settings, names, facts about Azure, policies, components."""
