"""`nox`: the whole suite on each Python and Django that the project supports.

All sessions install the same lock; its markers choose the Django of each Python.
"""

import nox

nox.options.reuse_existing_virtualenvs = True
nox.options.error_on_missing_interpreters = True  # a version that was not tested is a failure

LOWEST = "3.11"
DJANGO = {"3.11": "5.2", "3.12": "6.1", "3.13": "6.1"}


@nox.session(python=list(DJANGO), venv_backend="uv|virtualenv")
def tests(session: nox.Session) -> None:
    """Install the lock, check which Django it brought, run pytest with what follows `--`."""
    session.install("--require-hashes", "-r", "requirements-dev.txt")
    wanted = DJANGO[str(session.python)]
    session.run("python", "-c", f"import django; assert django.__version__.startswith('{wanted}.')")
    session.run("python", "-m", "tests.services.programs")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session(python=LOWEST, venv_backend="uv|virtualenv")
def lowest(session: nox.Session) -> None:
    """The lowest versions that pyproject.toml allows: `make quick`'s tests, and a site from the
    README, in which articles are compared."""
    versions = f"{session.create_tmp()}/lowest.txt"
    session.install("uv")
    session.run(
        *("uv", "pip", "compile", "--quiet", "--resolution=lowest-direct", "--all-extras"),
        *(f"--python-version={LOWEST}", "--only-binary=:all:", "--no-binary=sgmllib3k"),
        *("pyproject.toml", "--output-file", versions),
    )
    required = ("-r", "requirements/runtime.in", "-r", "requirements/tests.in")
    session.install(*required, "--constraint", versions)
    quick = ("-m", "not services and not slow and not django_db", "--hypothesis-profile=quick")
    session.run("python", "-m", "pytest", "--numprocesses=auto", *quick, *session.posargs)
    session.run("python", "-m", "pytest", "tests/test_readme.py")
