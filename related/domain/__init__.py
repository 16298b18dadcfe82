"""What the plugin does, free of HTTP, Celery and the command line. It never enqueues."""
