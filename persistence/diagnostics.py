"""Reasons why a connection to the database fails, and remedies. Imported at the first failure; never quotes parts of POSTGRESQL_URL."""
from __future__ import annotations

import asyncio
import socket
import ssl

from persistence.dsn import InvalidUrl
from persistence.pool import PoolTimeout

OTHER_NAME = (62, 64)
"""OpenSSL's codes of a certificate that is valid, but for another host name or IP address."""

_NO_TLS = "the server takes no connection without TLS: write sslmode=require in POSTGRESQL_URL, or better verify-full with its sslrootcert"
_STATES = {
    "28P01": "the user or the password in POSTGRESQL_URL is wrong",
    "28": "the server does not let this user into this database from here: check user, database and address in its pg_hba.conf",
    "3D000": "there is no database of the name that POSTGRESQL_URL gives: create it first",
    "53300": "the server has no connection left: lower DATABASE_POOL_SIZE or the number of instances, or put a pooler before it",
    "57P": "the server is being started or stopped, or it ended this connection",
    "26000": "a pooler in transaction mode stands before the server; it is recognised from now on: write pgbouncer=true in POSTGRESQL_URL",
    "42P05": "a pooler in transaction mode stands before the server; it is recognised from now on: write pgbouncer=true in POSTGRESQL_URL",
    "25006": "the server takes no writes, as a standby does: give the primary's address, or write target_session_attrs=read-write",
    "42704": "the server does not know what `options` in POSTGRESQL_URL sets",
    "08P01": "a pooler or the server refused the connection: its own log says why (a database or user it does not know, `options`, no server behind it)",
    "08": "the connection was lost",
}
"""Explanations by the first characters of SQLSTATE; the first match applies."""


def explain(error: BaseException) -> str:
    """Return one sentence for the operator about the cause of a connection error."""
    causes = list(_chain(error))
    found = (_of_address(cause) or _of_tls(cause) or _of_server(cause) or _of_network(cause) for cause in causes)
    return next(filter(None, found), "the connection failed or was lost")


def _chain(error: BaseException) -> list[BaseException]:
    """Return the error and its causes, the innermost (the driver's) first."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = getattr(following, "orig", None) or following.__cause__
    return found[::-1]


def _of_address(error: BaseException) -> str | None:
    return str(error) if isinstance(error, InvalidUrl) else None


def _of_tls(error: BaseException) -> str | None:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in OTHER_NAME:
            return "the server's certificate is for another name: write in POSTGRESQL_URL the host for which it was made"
        return (
            "the server's certificate is expired or signed by none of the authorities in sslrootcert: give the server's own CA file, "
            "or sslrootcert=system where a public authority signed it"
        )
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason or 'no reason given'}): check sslmode, the files of sslrootcert, sslcert and sslkey, and the TLS versions"
    text = str(error)
    if "rejected SSL upgrade" in text:
        return "the server offers no TLS, which sslmode demands: switch TLS on there"
    if "root certificate file" in text:
        return "sslmode=verify-ca and verify-full need sslrootcert: the CA's file, or system for public authorities"
    return None


def _of_server(error: BaseException) -> str | None:
    state = getattr(error, "sqlstate", None) or ""
    if state == "28000" and "no encryption" in str(error):
        return _NO_TLS
    if type(error).__name__ == "TargetServerAttributeNotMatched":
        return "the server is not of the kind that target_session_attrs demands"
    return next((text for start, text in _STATES.items() if state.startswith(start)), None)


def _of_network(error: BaseException) -> str | None:
    if isinstance(error, socket.gaierror):
        return "the host's name is not known here: check it in POSTGRESQL_URL, and that the function's network (VPC) resolves it"
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return "a file that POSTGRESQL_URL names cannot be opened: the socket's directory, sslrootcert, sslcert, sslkey or sslcrl"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens at the host and port of POSTGRESQL_URL"
    if isinstance(error, PoolTimeout):
        return "all connections of this process were in use for too long: raise DATABASE_POOL_SIZE where several requests share a process"
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return "no answer in time: check host and port in POSTGRESQL_URL, the firewall, and the function's network (VPC)"
    return None
