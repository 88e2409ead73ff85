"""Azure Resource Manager for one laptop: takes the requests that Azure takes, keeps what they say in SQLite.

`store` keeps entities, `resource_types` says what a resource type is, `types` holds one file per provider
namespace, `engine` carries out requests, `app` serves them over HTTP.
"""
