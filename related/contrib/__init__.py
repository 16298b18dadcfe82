"""Applications that a site installs beside the plugin where it has use for them."""
