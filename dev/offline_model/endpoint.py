"""The endpoint's configuration: its family, the models that it serves, the parameters that it refuses.

DeepSeek's names, from api-docs.deepseek.com (pricing, change log; November 2026): `deepseek-flash` is the current one, the two of April are superseded and
still served, the two older ones were retired on 2026-07-24.
"""

from __future__ import annotations

from dataclasses import dataclass

from dev.offline_model.families import FAMILIES, Family, Fields, unsupported
from dev.offline_model.protocol import MODEL, RequestError

PRESENT = ("deepseek-flash",)
SUPERSEDED = ("deepseek-v4-flash", "deepseek-v4-pro")
RETIRED = ("deepseek-chat", "deepseek-reasoner")


@dataclass(frozen=True, slots=True)
class Endpoint:
    family: Family = FAMILIES["deepseek"]
    strict: bool = False
    refuses: frozenset[str] = frozenset()
    """Parameters for which a request that sends them is refused by name."""
    models: tuple[str, ...] | None = None
    """Names that are served besides the offline model's own; None for the family's own rule."""

    @property
    def listed(self) -> tuple[str, ...]:
        """The names that GET /models returns."""
        return (MODEL, *(PRESENT if self.models is None else self.models))

    def check(self, fields: Fields) -> None:
        """Check the parameters and the model's name. Raises RequestError for those that this endpoint does not accept."""
        for name in sorted(self.refuses & fields.keys()):
            raise unsupported(name)
        if self.strict:
            self.family.check(fields)
        if not self._serves(str(fields.get("model"))):
            raise self._unknown(str(fields.get("model")))

    def thinks(self, fields: Fields) -> bool:
        """Return whether the request is answered with a thought; the offline model's own name and a plain endpoint think only on request."""
        return self.family.thinks(fields, by_default=fields.get("model") != MODEL and self.family.name != "plain")

    def _serves(self, model: str) -> bool:
        if self.models is not None or self.family.name == "deepseek":
            return model in (*self.listed, *(SUPERSEDED if self.models is None else ()))
        return model not in RETIRED

    def _unknown(self, model: str) -> RequestError:
        if self.family.name == "deepseek":
            error = {"message": "Model Not Exist", "type": "invalid_request_error", "param": None, "code": "invalid_request_error"}
            return RequestError("Model Not Exist", body={"error": error})
        return RequestError(f"The model `{model}` does not exist or you do not have access to it.", status=404, code="model_not_found")
