"""A database that calls itself MariaDB, as Django's own backend does; no driver is needed to see
that the check refuses it."""

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    vendor = "mysql"
    display_name = "MariaDB"
