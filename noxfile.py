"""`nox`: the whole suite on each Python and Django that the project supports.

All sessions install the same lock; its markers choose the Django of each Python.
"""

import nox

nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True  # a version that was not tested is a failure

DJANGO = {"3.11": "5.2", "3.12": "6.1", "3.13": "6.1"}


@nox.session(python=list(DJANGO), venv_backend="uv|virtualenv")
def tests(session: nox.Session) -> None:
    """Install the lock, check which Django it brought, run pytest with what follows `--`."""
    session.install("--require-hashes", "-r", "requirements-dev.txt")
    wanted = DJANGO[str(session.python)]
    session.run("python", "-c", f"import django; assert django.__version__.startswith('{wanted}.')")
    session.run("python", "-m", "tests.services.programs")
    session.run("python", "-m", "pytest", *session.posargs)
