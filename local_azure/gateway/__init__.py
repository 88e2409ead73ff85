"""The gateway of API Management: executes the deployed policies on real requests.

`configuration` is what it is told, `compiler` turns that into closures, `app` serves them over HTTP.
"""
