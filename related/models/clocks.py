"""Hosts of workers whose clock is not the database's."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class HostClock(models.Model):
    """A host that a worker found to be off by some seconds; one that is right has no row."""

    host = models.CharField(_("host"), max_length=255, primary_key=True)
    seconds_ahead = models.FloatField(_("seconds ahead"))  # of the database; behind is negative
    measured_at = models.DateTimeField(_("measured at"), db_default=Now())  # by the database

    class Meta:
        default_permissions = ()
        verbose_name = _("clock of a host")
        verbose_name_plural = _("clocks of hosts")

    def __str__(self) -> str:
        return gettext("%(host)s, %(seconds).1f s ahead") % {
            "host": self.host,
            "seconds": self.seconds_ahead,
        }
