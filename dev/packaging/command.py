"""The command `unilife package`: builds a package and prints its contents and sizes."""
from __future__ import annotations

import re
from pathlib import Path

from rich.console import Console
from rich.table import Table

from dev.errors import CommandError
from dev.packaging.build import BuildRequest, Package, build
from dev.packaging.targets import MB, TARGETS, Glibc
from dev.workspace import ROOT

DIST = ROOT / "dist"
KB = 1_000


def package(
    target_name: str, *, python: str | None, glibc: str | None, web: bool, locked: Path | None, output: Path | None, machine: str | None = None,
    manifests: tuple[Path, ...] = (),
) -> None:
    """Build the zip for one cloud and print its sizes. Raises `CommandError`."""
    target = TARGETS[target_name]
    python = python or target.pythons[0]
    known = target.glibc_of(python)
    order = BuildRequest(target, python, _glibc(glibc) if glibc else known, web, locked, target.choose_machine(machine, web=web), manifests)
    with Console(stderr=True).status(f"Building for {target.title}, Python {python}, {order.machine}, glibc {order.glibc[0]}.{order.glibc[1]} …"):
        built = build(order, output or DIST)
    show(built)


def _glibc(text: str) -> Glibc:
    if not re.fullmatch(r"2\.\d{1,2}", text):
        raise CommandError(f"--glibc must be a version such as 2.28, not {text}")
    return 2, int(text[2:])


def show(built: Package) -> None:
    """Print the package's contents and their sizes."""
    console = Console()
    versions = {wheel.name: wheel.version for wheel in built.wheels}
    table = Table("package", "version", "zipped KB", "unpacked KB")
    for column in table.columns[2:]:
        column.justify = "right"
    for name, size in built.zipped.most_common():
        table.add_row(name, versions.get(name, ""), f"{size / KB:,.0f}", f"{built.unpacked[name] / KB:,.0f}")
    table.add_section()
    table.add_row("all", "", f"{built.path.stat().st_size / KB:,.0f}", f"{sum(built.unpacked.values()) / KB:,.0f}")
    console.print(table)
    for reason, size in built.pruned.most_common():
        console.print(f"removed {size / KB:,.0f} KB: {reason}", soft_wrap=True, highlight=False)
    if built.tried:
        console.print(f"tested alone: HTTP and timer events are served; handler imports in {built.tried.import_ms:.0f} ms here", soft_wrap=True)
    else:
        console.print("not tested: the package is for another processor than this machine's", soft_wrap=True)
    pins = built.path.with_suffix(".requirements.txt").name
    console.print(f"[bold]{built.path}[/bold] {built.path.stat().st_size / MB:.1f} MB; its wheels are listed in {pins}", soft_wrap=True)
