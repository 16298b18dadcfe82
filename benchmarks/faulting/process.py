"""Runs one of the suite's processes inside Django: ``python -m benchmarks.faulting.process NAME``.

NAME is a module of this package with a ``main()``: publishing, deciding, comparing.
"""

import os
import sys
from importlib import import_module

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.faulting.settings")
    django.setup()
    name = sys.argv.pop(1)
    import_module(f"benchmarks.faulting.{name}").main()
