"""Figures for monitoring, in OpenMetrics text; needs the extra ``metrics`` (prometheus-client)."""

from related.metrics.views import metrics

__all__ = ["metrics"]
