"""How likely a suggestion is approved: what is learned from the site's own decisions."""
