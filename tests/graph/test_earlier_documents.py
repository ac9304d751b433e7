"""The documents of five screens before parts of the schema were deprecated, as frontends may still send them: each operation is valid and runs.

They select `profile(asOf:)`, `JobItem.day` and `JobRunStartSuccess.left`, which are deprecated; they are not brought up to date.
"""
from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from graphql import DocumentNode, parse, validate
from graphql.utilities import separate_operations

from graph.relay import encode_id
from graph.schema import schema
from jobs import profile_update
from persistence import database
from tests import seeds
from tests.graph.test_account import ANN, REGISTER
from tests.graph.test_screens import add_run, admin
from tests.resolvers.chat.chat_setup import Model, model
from tests.seeds import DAY

__all__ = ["model"]

pytestmark = pytest.mark.anyio

SCREENS = {path.stem: path.read_text(encoding="utf-8") for path in Path(__file__).with_name("earlier_documents").glob("*.graphql")}


def operations(screen: str) -> dict[str, DocumentNode]:
    return separate_operations(parse(SCREENS[screen]))


class Frontend:
    """A frontend that sends the documents and keeps which ones it has sent."""

    def __init__(self) -> None:
        self.sent = set[tuple[str, str]]()

    async def query(self, token: str, screen: str, operation: str, **variables: Any) -> dict[str, Any]:
        answer = await seeds.ask(SCREENS[screen], variables, token=token, operation=operation)
        assert "errors" not in answer, (screen, operation, answer)
        self.sent.add((screen, operation))
        return answer["data"]  # type: ignore[no-any-return]

    async def mutate(self, token: str, screen: str, operation: str, **input: Any) -> dict[str, Any]:
        [found] = (await self.query(token, screen, operation, input=input)).values()
        assert "code" not in found, (screen, operation, found)
        return found  # type: ignore[no-any-return]


@pytest.mark.usefixtures("database")
async def test_earlier_documents_are_valid_and_run_as_they_did(model: Model) -> None:
    for screen, text in SCREENS.items():
        assert validate(schema()._schema, parse(text)) == [], screen
    user, frontend = await seeds.person(time_zone=seeds.noon_zone()), Frontend()
    ann, root, query, mutate = await seeds.bearer(user), await seeds.bearer(await admin()), frontend.query, frontend.mutate

    sent = await mutate(ann, "chat", "Send", content="I moved to Hangzhou. 我喜欢爬山。")
    id, question = sent["conversation"]["id"], sent["question"]["id"]
    shown = (await query(ann, "chat", "Chat", id=id))["conversation"]["messages"]["nodes"]
    assert shown == [sent["answer"], sent["question"]]
    found = next(node for node in (await query(ann, "chat", "Find", words="Hangzhou"))["messageSearch"]["nodes"] if node["id"] == question)
    around = await query(ann, "chat", "Around", id=found["id"], conversationId=id, cursor=found["cursor"])
    assert around["node"] == sent["question"] and [node["id"] for node in around["conversation"]["after"]["nodes"]] == [sent["answer"]["id"]]
    again = (await mutate(ann, "chat", "AskAgain", messageId=question))["answer"]["id"]
    assert (await mutate(ann, "chat", "Rate", messageId=again, rating="UP"))["ratedMessage"]["rating"] == "UP"
    assert (await mutate(ann, "chat", "Rename", conversationId=id, title="爬山"))["conversation"]["title"] == "爬山"
    assert (await mutate(ann, "chat", "Edit", messageId=question, content="我喜欢跑步。"))["editedMessage"]["content"] == "我喜欢跑步。"
    assert again in (await mutate(ann, "chat", "Delete", messageId=question))["deletedIds"]

    await seeds.whole_day(user, DAY)
    async with database.transaction() as session:
        await profile_update.update_profile(session, user.id, reason="NIGHT")
    opening = await query(ann, "diary", "Opening")
    written, today = opening["diaries"]["nodes"], opening["viewer"]["today"]
    assert written == [(await query(ann, "diary", "OneDay", date=str(DAY)))["diary"]] and len(written[0]["lines"]) == 4
    assert [day["date"] for day in (await query(ann, "diary", "Month", year=DAY.year, month=DAY.month))["diaryCalendar"]["days"]] == [str(DAY)]
    assert (await query(ann, "diary", "Look", words="kilometres"))["diaries"]["totalCount"] == 1
    assert (await mutate(ann, "diary", "Correct", date=str(DAY), mood=5))["diary"]["mood"] == 5

    known = (await query(ann, "profile", "Known", asOf=str(DAY)))["profile"]
    home = next(value["id"] for section in known["sections"] for value in section["values"] if value["value"] == "Hangzhou")
    assert known["asOf"] == str(DAY)
    assert (await query(ann, "profile", "Why", id=home))["node"]["evidence"][0]["message"]["content"] == "I live in Hangzhou now"
    [*_, first] = (await query(ann, "profile", "Evolution"))["profileChanges"]["nodes"]
    assert (first["cause"], first["effect"]) == ("NIGHT", "ADDED")
    said = (await mutate(ann, "profile", "Say", slot="IDENTITY_HOME", value="苏州"))["value"]["id"]
    for verdict in ("Lock", "Unlock", "Reject"):
        assert (await mutate(ann, "profile", verdict, id=said))["value"]["id"] == said
    [newest, *_] = (await query(ann, "profile", "Evolution"))["profileChanges"]["nodes"]
    assert (await mutate(ann, "profile", "GoBack", changeId=newest["id"]))["profile"]["sections"]
    await mutate(ann, "chat", "Send", content="I planted an apple tree. 我很开心。")
    assert (await mutate(ann, "diary", "WriteAgain", date=today))["diary"]["date"] == today
    assert (await mutate(ann, "diary", "Forget", date=str(DAY)))["deletedId"]

    await add_run()
    [run] = (await query(root, "nights", "Nights", **{"from": str(DAY), "to": str(DAY + timedelta(days=1))}))["jobRuns"]["nodes"]
    assert (await query(root, "nights", "Failures", id=run["id"]))["jobRun"]["items"]["nodes"] == []
    assert (await query(root, "nights", "People", search="ann"))["users"]["totalCount"] == 1
    started = await mutate(root, "nights", "Start", job="DAILY_DIARY", dryRun=True)
    assert started["left"] == started["planned"] == 0 and started["run"] is None
    assert (await mutate(root, "nights", "Change", userId=encode_id("User", user.id), chatTokensPerDay=5))["user"]["chatTokensPerDay"] == 5

    given = {**ANN, "email": "new@example.org"}
    token = (await seeds.ask(REGISTER, {"input": given}))["data"]["accountRegister"]["accessToken"]
    saved, settings = (await mutate(token, "settings", "Save", dayEndsAt=3))["user"], (await query(token, "settings", "Settings"))["viewer"]
    assert saved == {name: settings[name] for name in saved} and saved["dayEndsAt"] == 3
    assert (await mutate(token, "settings", "NewPassword", currentPassword=ANN["password"], newPassword="correct horse battery staple"))["revokedSessions"] == 0
    assert (await mutate(token, "settings", "SignOutElsewhere", keepCurrent=True))["revokedSessions"] == 0
    assert (await mutate(token, "settings", "Download", format="JSON"))["mediaType"] == "application/json"
    assert (await mutate(token, "settings", "Leave", password="correct horse battery staple"))["deletedId"]
    assert frontend.sent == {(screen, name) for screen in SCREENS for name in operations(screen)}
