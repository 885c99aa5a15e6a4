"""Where and when was measured: the head of what the command prints."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime

from .. import ROOT
from ..run.machine import processor


def description() -> str:
    """Return what a measurement depends on, one line each."""
    flag = "set" if os.environ.get("PYTHONDONTWRITEBYTECODE") else "not set"
    lines = {
        "processor": f"{processor()}, {os.cpu_count()} cores",
        "load average": load(),
        "system": f"{_distribution()}, {platform.system()} {platform.release()}",
        "Python": f"{platform.python_version()} ({platform.python_implementation()})",
        "PYTHONDONTWRITEBYTECODE": f"{flag} here; the measured processes run without it",
        "date": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        "commit": _commit(),
    }
    return "\n".join(f"{name:<24} {value}" for name, value in lines.items())


def load() -> str:
    """Return the load averages of the last 1, 5 and 15 minutes."""
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def _distribution() -> str:
    if sys.platform == "darwin":
        return f"macOS {platform.mac_ver()[0]}"
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return "unknown distribution"


def _commit() -> str:
    git = ["git", "-C", str(ROOT)]
    try:
        commit = subprocess.check_output([*git, "rev-parse", "--short", "HEAD"], text=True, stderr=subprocess.DEVNULL)
        changed = subprocess.check_output([*git, "status", "--porcelain", "--untracked-files=no"], text=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return commit.strip() + (", with changes that are not committed" if changed else "")
