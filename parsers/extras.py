"""What to install where a package that only some commands need is missing."""

from __future__ import annotations

# The extra of testbed-report that brings a package.
_EXTRAS = {
    "pandas": "pandas",
    "numpy": "pandas",
    "pyarrow": "parquet",
    "dask": "cluster",
    "dask_jobqueue": "cluster",
    "distributed": "cluster",
    "fsspec": "cluster",
    "requests": "cluster",
    "urllib3": "cluster",
}
# What is no extra's, because few need it: patterns of a dialect of one's own run under its time limit.
_ALONE = {"regex"}


def missing(error: ModuleNotFoundError, extra: str = "") -> str:
    """Return the sentence about a package that is not installed, and the command that installs it.

    `extra` is the one that the command as a whole needs.

    >>> missing(ModuleNotFoundError(name="pyarrow"))
    "the package pyarrow is not installed; `pip install 'testbed-report[parquet]'` installs it"
    """
    package = (error.name or "").partition(".")[0]
    extra = extra or ("" if package in _ALONE else _EXTRAS.get(package, "report"))
    wanted = f"'testbed-report[{extra}]'" if extra else package
    return f"the package {package} is not installed; `pip install {wanted}` installs it"
