"""The app with its API and the model behind it, as the tests of its screens use them."""
from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from dev.web import NIGHT_PATH
from tests.dev.test_serve import Running, command
from tests.web.model import SteeredModel

PASSWORD = "a kettle sings at dawn"


@dataclass
class Served:
    """The app with its API and the model behind it."""

    running: Running
    model: SteeredModel
    state: Path

    def make_admin(self, email: str) -> None:
        arguments, environment = command(self.state, self.running.port)
        subprocess.run([*arguments[:-3], "create-admin", "--email", email], env=environment, check=True, capture_output=True)

    def pass_night(self) -> None:
        """Run the nightly jobs that are due, and return when they have ended."""
        with urlopen(Request(self.running.address + NIGHT_PATH, b""), timeout=120) as response:
            assert response.status == 200

    def call_tool(self, token: str, name: str, **arguments: Any) -> int:
        """Return the status with which the MCP endpoint answers this call of another assistant."""
        headers = {"content-type": "application/json", "accept": "application/json, text/event-stream", "authorization": f"Bearer {token}",
                   "mcp-protocol-version": "2025-11-25"}
        body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
        try:
            with urlopen(Request(f"{self.running.address}/mcp", json.dumps(body).encode(), headers), timeout=60) as response:
                return int(response.status)
        except HTTPError as error:
            with error:
                return error.code

    def ask(self, query: str, email: str) -> Any:
        """Return the data of a query that this user sends."""
        given = f'input: {{email: "{email}", password: "{PASSWORD}"}}'
        signed_in = self.running.ask(f"mutation {{ sessionCreate({given}) {{ ... on Session {{ accessToken }} }} }}")
        return self.running.ask(query, signed_in["sessionCreate"]["accessToken"])
