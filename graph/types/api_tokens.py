"""The types of personal access tokens and of the log of their uses."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import strawberry

from graph.enums import describe_enum
from graph.relay import encode_id
from graph.types.profile_slots import ProfileSectionName
from persistence.models import enums

if TYPE_CHECKING:
    from persistence import models

ApiScope = enums.ApiScope
describe_enum(
    ApiScope, "What a personal access token allows. Nothing is allowed that is not named here.",
    READ_IDENTITY="Read the values of the section IDENTITY, except the sensitive slots.",
    READ_RELATIONSHIPS="Read the values of the section RELATIONSHIPS.",
    READ_PREFERENCES="Read the values of the section PREFERENCES.",
    READ_HABITS="Read the values of the section HABITS.",
    READ_DECISIONS="Read the values of the section DECISIONS.",
    READ_OWN="Read the slots that the user defined, with their values. With SUGGEST also suggest values for them.",
    READ_SENSITIVE="Read also what is about health or beliefs: the sensitive slots that the user switched on, and in the diary. Needs READ_IDENTITY or READ_DIARY.",
    READ_DIARY="Read the diary, and search in it. Without READ_SENSITIVE, lines that are plainly about health or beliefs are left out; lines about other people are not.",
    QUOTES="Read the user's own words beside each result, and find messages by a search. Needs one of the scopes that read a section or the diary.",
    SUGGEST="Suggest values for the profile. The user decides on each; the answer tells nothing of what the profile has.",
)
ApiTool = enums.ApiTool
describe_enum(
    ApiTool, "The tools of the MCP endpoint.",
    PROFILE="`profile`: values of the profile.", DIARY_DAYS="`diary_days`: a list of days with their summaries.",
    DIARY_DAY="`diary_day`: the lines of one day.", SEARCH="`search`: days and messages about a question.",
    SUGGEST_VALUE="`suggest_value`: a suggestion for the profile.",
)
ApiUseOutcome = enums.ApiUseOutcome
describe_enum(
    ApiUseOutcome, "The outcome of a tool call.",
    DONE="It was answered. `results` counts what was returned, which may be nothing.",
    REFUSED="It was refused or failed, because the token has no scope for it, or the user's settings or its arguments do not allow it: nothing was returned or stored.",
)


@strawberry.type(description="A personal access token: it lets another assistant of the user use the MCP endpoint `/mcp`, and nothing else.")
class ApiToken:
    id: strawberry.ID = strawberry.field(description="Id of the token, for `apiTokenDelete` and `apiTokenUses`.")
    name: str = strawberry.field(description="The user's name of it, 1 to 60 characters. Values that it suggests name it as their origin.")
    hint: str = strawberry.field(description="The last four characters of the token, by which to recognise it.")
    scopes: list[ApiScope] = strawberry.field(description="What it allows.")
    expires_at: datetime = strawberry.field(description="When it stops working.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used, to within a minute; null if it never was.")
    created_at: datetime = strawberry.field(description="When it was made.")

    @classmethod
    def from_model(cls, row: "models.ApiToken") -> "ApiToken":
        return cls(
            id=encode_id("ApiToken", row.id), name=row.name, hint=row.hint, scopes=[scope for scope in ApiScope if scope.value in row.scopes],
            expires_at=row.expires_at, last_used_at=row.last_used_at, created_at=row.created_at,
        )


@strawberry.type(description="A tool call with a personal access token: what kind of things another assistant read, and how many. No words of the call are kept.")
class ApiTokenUse:
    token_id: strawberry.ID = strawberry.field(description="Id of the token, which may be deleted since.")
    token_name: str = strawberry.field(description="The token's name at that time.")
    tool: ApiTool = strawberry.field(description="The tool that was called.")
    outcome: ApiUseOutcome = strawberry.field(description="How the call ended.")
    sections: list[ProfileSectionName] = strawberry.field(description="The sections of the profile that were read, or to which a value was suggested.")
    from_: date | None = strawberry.field(name="from", description="The earliest day of the diary or of messages that was read; null without one.")
    to: date | None = strawberry.field(description="The latest day that was read; null without one.")
    results: int = strawberry.field(description="Number of values, days or lines that were read; of a suggestion 1 if it was stored, 0 if it was left out.")
    quotes: int = strawberry.field(description="Number of quotes of the user's messages that were read with them.")
    at: datetime = strawberry.field(description="When it was.")

    @classmethod
    def from_model(cls, row: "models.ApiTokenUse") -> "ApiTokenUse":
        return cls(
            token_id=encode_id("ApiToken", row.token_id), token_name=row.token_name, tool=row.tool, outcome=row.outcome, sections=_sections(row.sections),
            from_=row.first_day, to=row.last_day, results=row.results, quotes=row.quotes, at=row.created_at,
        )


def _sections(names: Sequence[str]) -> list[ProfileSectionName]:
    return [section for section in ProfileSectionName if section.name in names]
