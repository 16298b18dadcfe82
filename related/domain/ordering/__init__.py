"""The order of suggestions as a site's own decisions teach it, judged before it may count."""
