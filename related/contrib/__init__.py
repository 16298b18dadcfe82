"""What a site may add to the plugin: each package is an app of its own for ``INSTALLED_APPS``."""
