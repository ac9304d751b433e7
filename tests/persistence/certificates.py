"""Certificates for a test, made by openssl: an authority, the server's certificate for the name localhost, and another authority."""
from __future__ import annotations

import subprocess
from pathlib import Path

from tests.requirements import find_program

KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]


def make(directory: Path) -> Path:
    program = find_program("openssl", package="openssl")

    def openssl(*arguments: str) -> None:
        subprocess.run([program, *arguments], check=True, cwd=directory, capture_output=True)

    for name in ("ca", "other"):
        authority = ["-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:true", "-addext", "keyUsage=critical,keyCertSign,cRLSign"]
        openssl("req", "-x509", *KEY, "-keyout", f"{name}.key", "-out", f"{name}.crt", "-days", "2", *authority)
    openssl("req", *KEY, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost")
    (directory / "names").write_text("subjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid\n")
    signed = ["-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "names"]
    openssl("x509", "-req", "-in", "server.csr", "-out", "server.crt", *signed)
    return directory
