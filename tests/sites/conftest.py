"""The sites are walked through in processes of their own, with settings of their own."""

collect_ignore = ["wagtail"]
