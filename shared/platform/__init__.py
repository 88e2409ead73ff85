"""Components of the platform: API Management, and what every model shares on it."""
