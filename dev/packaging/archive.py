"""The zip archive: the same folder always gives the same bytes, whatever machine packs it, at any time and with its files in any order."""
from __future__ import annotations

import zipfile
from collections import Counter
from pathlib import Path

from dev.packaging.tree import Tree

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a zip can store."""
FILE, PROGRAM = 0o100644, 0o100755
UNIX = 3
PROGRAMS = ("scf_bootstrap",)
"""Files that the platform executes, not imports."""


def write_zip(tree: Tree, path: Path) -> Counter[str]:
    """Pack the folder and return the zipped bytes by distribution."""
    sizes: Counter[str] = Counter()
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in tree.files():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system, entry.compress_type = UNIX, zipfile.ZIP_DEFLATED
            entry.external_attr = (PROGRAM if name in PROGRAMS else FILE) << 16
            archive.writestr(entry, (tree.root / name).read_bytes())
            sizes[tree.owner_of(name)] += entry.compress_size
    return sizes
