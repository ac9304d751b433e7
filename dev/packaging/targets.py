"""Properties of each cloud's managed Python runtimes. The figures are the vendors' unless a comment says otherwise."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dev.errors import CommandError

MB = 1_000_000
"""Limits are read as decimal megabytes, the smaller of the two interpretations that the vendors leave open."""

Glibc = tuple[int, int]


@dataclass(frozen=True)
class Target:
    """A cloud's function platform.

    `glibc` is the glibc version of each managed Python version, the default first. `code_root` is the directory into which the platform unpacks the
    zip. Limits are in bytes, None where the vendor names none for that way of uploading. `machines` are the processor architectures that the platform
    offers, the default first, as `--machine` names them; `web_machines` are those of its web functions.
    """

    name: str
    title: str
    glibc: Mapping[str, Glibc]
    code_root: str
    zip_limit: int | None
    unpacked_limit: int | None
    machines: tuple[str, ...] = ("x86_64",)
    web_machines: tuple[str, ...] = ("x86_64",)

    @property
    def pythons(self) -> tuple[str, ...]:
        """The managed Python versions, the default first."""
        return tuple(self.glibc)

    def glibc_of(self, python: str) -> Glibc:
        """Return the glibc version of that Python's runtime. Raises `CommandError` for a Python version that the cloud does not manage."""
        if python not in self.glibc:
            raise CommandError(f"{self.title} runs Python {' or '.join(self.pythons)}, not {python}; for another version deploy the container image")
        return self.glibc[python]

    def choose_machine(self, machine: str | None, *, web: bool) -> str:
        """Return the machine, or the default if none is named. Raises `CommandError` for a machine that the cloud does not offer."""
        offered = self.web_machines if web else self.machines
        if machine is not None and machine not in offered:
            raise CommandError(f"{self.title} runs {'web functions ' if web else ''}on {' or '.join(offered)}, not {machine}")
        return machine or offered[0]


TARGETS = {
    target.name: target
    for target in (
        # The documentation names CentOS 7 for every managed runtime and does not say whether 3.10 has a newer system.
        Target("tencent", "Tencent SCF", {"3.10": (2, 17)}, "/var/user", None, 500 * MB),
        # Debian 10 and 11 (glibc 2.28 and 2.31).
        Target("aliyun", "Alibaba FC", {"3.12": (2, 28), "3.10": (2, 28)}, "/code", 100 * MB, None),
        # Huawei publishes no glibc versions. For 3.12, 2.28 is assumed, the oldest version for which its wheels exist. For 3.10 there are wheels for
        # 2.17, which run everywhere.
        Target("huawei", "Huawei FunctionGraph", {"3.12": (2, 28), "3.10": (2, 17)}, "/opt/function/code", 40 * MB, None),
        # Amazon Linux 2023; 3.11 started on Amazon Linux 2 (glibc 2.26), and wheels for 2.26 run on both. AWS accepts no new functions with 3.10 from
        # 2027-02-01 (docs/outside.md). The API lists 3.15; the template uses 3.14, which every tool of the project supports.
        Target(
            "aws", "AWS Lambda", {"3.14": (2, 34), "3.15": (2, 34), "3.13": (2, 34), "3.12": (2, 34), "3.11": (2, 26)}, "/var/task", 50 * MB, 250 * MB,
            ("x86_64", "arm64"), ("arm64",),
        ),
    )
}
