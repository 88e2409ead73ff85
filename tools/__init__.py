"""Programs about this repository itself; nothing that is deployed imports them."""
