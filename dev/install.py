"""The installer of a checkout into the virtual environment whose interpreter runs it: `python dev/install.py`. Uses only the standard library.

The packages are those of dev/requirements.txt, pinned to their checksums, so that today's checkout still installs in a year. With LOCKED=no they are the
newest that pyproject.toml allows. The product and the packages that `make dev` needs (the extra `dev`) have to be installed; tools for tests and lint that
are not available for this Python are skipped and named.
"""
from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "dev" / "requirements.txt"


def main() -> int:
    """Install the packages and return the exit status: 0 when at least those that `make dev` needs are installed."""
    return install_newest() if os.environ.get("LOCKED", "yes") == "no" else install_locked()


CAUSES = (
    (r"No space left on device|Disk quota exceeded", "the disk is full: the packages of development take 0.8 GB, those of the tests 0.3 GB more"),
    (r"SOCKS support", "pip cannot use a SOCKS proxy: set https_proxy to an http:// address, and unset all_proxy"),
    (r"Retrying \(Retry|ProxyError|SSLError|NewConnectionError|ReadTimeout",
     "the package index cannot be reached: check the network and https_proxy, or name a mirror in PIP_INDEX_URL"),
    (r"Read-only file system|Permission denied", "the directory of this checkout cannot be written: use a copy that you own"),
)  # fmt: skip
"""Causes of a failure that has nothing to do with the packages, by what pip prints, and what to do."""


def install_locked() -> int:
    locked = ("--require-hashes", "--no-deps", "--requirement")
    together = run_pip(*locked, str(LOCK))
    if together.returncode:
        if (cause := find_cause(together.stdout)) is not None:
            print(f"{together.stdout[-2000:].strip()}\n\n{cause}; then repeat the command", file=sys.stderr)
            return 1
        name_missing([name for name, pin in pins() if pip(*locked, "/dev/stdin", given=pin, quiet=True) != 0])
    status = pip("--no-index", "--no-build-isolation", "--editable", f"{ROOT}[dev]")
    if status:
        print("a package that `make dev` needs could not be installed, see above; LOCKED=no installs the newest that pyproject.toml allows", file=sys.stderr)
    return status


def find_cause(output: str) -> str | None:
    """Return what is wrong with the network or the disk, and what to do; None if pip's output speaks of neither."""
    return next((cause for pattern, cause in CAUSES if re.search(pattern, output)), None)


def install_newest() -> int:
    """Install the newest releases; if the test tools fail together, install them one by one."""
    if pip("--editable", f"{ROOT}[dev,test]", quiet=True) == 0:
        return 0
    if pip("--editable", f"{ROOT}[dev]") != 0:
        return 1
    name_missing([tool for tool in test_tools() if pip(tool, quiet=True) != 0])
    return 0


def pip(*arguments: str, given: str | None = None, quiet: bool = False) -> int:
    """Run `pip install` and return its exit status. `given` is its standard input. Its output is shown only when it fails, and never if `quiet`."""
    ran = run_pip(*arguments, given=given)
    if ran.returncode and not quiet:
        print(ran.stdout, file=sys.stderr)
    return ran.returncode


def run_pip(*arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, input=given, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def pins() -> list[tuple[str, str]]:
    """Return each package of the lock with its line, checksums included."""
    joined = LOCK.read_text(encoding="utf-8").replace("\\\n", " ")
    return [(line.partition("==")[0], f"{line}\n") for line in joined.splitlines() if line[:1].isalnum()]


def test_tools() -> list[str]:
    """Return the requirements of the extra `test`, as the installed project's metadata names them."""
    from importlib.metadata import requires

    extra = re.compile(r"\s*(and|;)\s*extra == ['\"]test['\"]")
    return [extra.sub("", line) for line in requires("unilife") or [] if extra.search(line)]


def name_missing(names: list[str]) -> None:
    if names:
        listed = ", ".join(sorted(names))
        print(f"not installed, because this Python or machine does not support it: {listed}; tests that need it are skipped or fail", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
