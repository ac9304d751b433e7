"""Reasons why a connection to the database fails, and remedies. Imported at the first failure; never quotes parts of POSTGRESQL_URL."""
from __future__ import annotations

import asyncio
import re
import socket
import ssl

from persistence.connector import NoAnswer
from persistence.dsn import InvalidUrl
from persistence.grant import is_full
from persistence.loop_time import MAX_LATE_SECONDS
from persistence.pool import PoolTimeout

OTHER_NAME = (62, 64)
"""OpenSSL's codes of a certificate that is valid, but for another host name or IP address."""

_NO_TLS = "the server accepts no connection without TLS: add sslmode=require to POSTGRESQL_URL, or better sslmode=verify-full with sslrootcert"
_STATES = {
    "28P01": "the user or the password in POSTGRESQL_URL is wrong",
    "28": "the server rejects this user, database or client address: check pg_hba.conf on the server",
    "3D000": "the database that POSTGRESQL_URL names does not exist: create it first",
    "53300": "the server has no connection left: lower DATABASE_POOL_SIZE or the number of instances, or connect through a pooler",
    "57P": "the server is starting or stopping, or it closed this connection",
    "26000": "the connection goes through a pooler in transaction mode, which was detected just now: add pgbouncer=true to POSTGRESQL_URL",
    "42P05": "the connection goes through a pooler in transaction mode, which was detected just now: add pgbouncer=true to POSTGRESQL_URL",
    "25006": "the server is read-only, such as a standby: use the primary's address, or add target_session_attrs=read-write",
    "53100": "the server's disk is full: enlarge it, or free space on it",
    "53200": "the server has no memory left: see its log, and give it more memory or fewer connections",
    "58030": "the server cannot read or write its files: see its log, and check its disk",
    "42501": "the user in POSTGRESQL_URL has no privilege for a table of UniLife: let it own the tables, or be a member of the role that owns them",
    "42704": "the server does not know a parameter that `options` in POSTGRESQL_URL sets: correct `options`",
    "08P01": "a pooler or the server refused the connection: see its log for the reason (unknown database or user, `options`, a pooler without a server)",
    "08": "the connection was lost",
}
"""Explanations by the first characters of SQLSTATE; the first match applies."""
_DENIED = re.compile(r"permission denied for (table|sequence|view|function|schema) (\w+)", re.ASCII)


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
            return "the server's certificate is for another name: use in POSTGRESQL_URL a host name that the certificate contains"
        return (
            "the server's certificate is expired or not signed by an authority in sslrootcert: set sslrootcert to the CA file of the server, "
            "or to `system` if a public authority signed it"
        )
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({error.reason or 'no reason given'}): check sslmode, the files of sslrootcert, sslcert and sslkey, and the TLS versions"
    text = str(error)
    if "rejected SSL upgrade" in text:
        return "sslmode requires TLS, which the server does not offer: enable TLS on the server"
    if "root certificate file" in text:
        return "sslmode=verify-ca and verify-full need sslrootcert: the path of the CA file, or `system` for public authorities"
    return None


def _of_server(error: BaseException) -> str | None:
    state = "53300" if is_full(error) else getattr(error, "sqlstate", None) or ""
    if state == "28000" and "no encryption" in str(error):
        return _NO_TLS
    if state == "42501" and (found := _DENIED.search(str(error))):
        return f"the user in POSTGRESQL_URL has no privilege for the {found[1]} {found[2]}: let it own the tables, or be a member of the role that owns them"
    if type(error).__name__ == "TargetServerAttributeNotMatched":
        return "the server does not meet target_session_attrs: check the address, or change target_session_attrs"
    return next((text for start, text in _STATES.items() if state.startswith(start)), None)


def _of_network(error: BaseException) -> str | None:
    if isinstance(error, socket.gaierror):
        return "the host name cannot be resolved: check it in POSTGRESQL_URL, and the DNS of the function's network (VPC)"
    if isinstance(error, (FileNotFoundError, PermissionError)):
        return "a file that POSTGRESQL_URL names cannot be opened: check the socket's directory, sslrootcert, sslcert, sslkey and sslcrl"
    if isinstance(error, ConnectionRefusedError):
        return "no server listens on the host and port of POSTGRESQL_URL"
    if isinstance(error, PoolTimeout):
        return "all connections of this process were in use for too long: raise DATABASE_POOL_SIZE if the process serves several requests at once"
    if isinstance(error, NoAnswer) and error.late >= MAX_LATE_SECONDS:
        return "this process was too busy to finish connecting: give it more CPU, or send it fewer requests at once"
    if isinstance(error, (TimeoutError, asyncio.TimeoutError)):
        return "the server did not answer in time: check host and port in POSTGRESQL_URL, the firewall, and the function's network (VPC)"
    return None
