"""Documents of sites that are not Django: pushed over HTTP with a key, and stored here."""
