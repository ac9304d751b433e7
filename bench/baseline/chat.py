"""The baseline's chat: the signed-in user, the conversation's history and the profile's text are read, the model is called, question and answer are stored.

`python -m app chat cold` and `python -m app chat warm N` measure it (chat_measure.py); `python -m app chat load PEOPLE MESSAGES …` fills its tables.
"""
from __future__ import annotations

import json
import os
import random
from datetime import date, datetime, timedelta, timezone
from typing import Annotated
from uuid import UUID, uuid4

import jwt
from fastapi import APIRouter, Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field
from service import Person, Table, engine, model, sessions, settings
from sqlalchemy import ForeignKey, Index, insert, select
from sqlalchemy.orm import Mapped, mapped_column

HISTORY = 40
"""Messages of the conversation that the model gets."""
ANSWER_TOKENS = 1000
CONVERSATION_OF_OLD = 20
"""Messages of each old conversation."""


class Conversation(Table):
    __tablename__ = "baseline_conversations"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    title: Mapped[str]
    last_message_at: Mapped[datetime] = mapped_column(default=datetime.now)


class Message(Table):
    __tablename__ = "baseline_messages"
    __table_args__ = (Index("ix_baseline_messages_conversation", "conversation_id", "created_at"),)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), index=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey(Conversation.id))
    role: Mapped[str]
    content: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=datetime.now)


class Usage(Table):
    __tablename__ = "baseline_usage"
    person_id: Mapped[UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    calls: Mapped[int] = mapped_column(default=0)
    tokens: Mapped[int] = mapped_column(default=0)


class Question(BaseModel):
    conversation_id: UUID
    content: str = Field(min_length=1, max_length=8000)


class MessageAnswer(BaseModel):
    model_config = ConfigDict(from_attributes=True)
    id: UUID
    role: str
    content: str
    created_at: datetime


class Exchange(BaseModel):
    question: MessageAnswer
    answer: MessageAnswer
    title: str
    tokens: int


router = APIRouter()
Bearer = Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]


async def viewer(bearer: Bearer) -> Person:
    try:
        claims = jwt.decode(bearer.credentials, settings.jwt_secret_key, ["HS256"], audience="unilife-api", issuer="unilife")
    except jwt.InvalidTokenError:
        raise HTTPException(401) from None
    async with sessions() as session:
        found = await session.get(Person, UUID(claims["sub"]))
    if found is None:
        raise HTTPException(401)
    return found


@router.post("/chat")
async def chat(asked: Question, person: Annotated[Person, Depends(viewer)]) -> Exchange:
    today = datetime.now(timezone.utc).date()
    async with sessions.begin() as session:
        conversation = await session.get(Conversation, asked.conversation_id)
        if conversation is None or conversation.person_id != person.id:
            raise HTTPException(404)
        if settings.chat_tokens_per_day:
            spent = await session.get(Usage, (person.id, today), with_for_update=True)
            if spent is not None and spent.tokens >= settings.chat_tokens_per_day:
                raise HTTPException(429)
        latest = select(Message).where(Message.conversation_id == conversation.id).order_by(Message.created_at.desc()).limit(HISTORY)
        history = [{"role": row.role, "content": row.content} for row in reversed((await session.scalars(latest)).all())]
        question = Message(person_id=person.id, conversation_id=conversation.id, role="user", content=asked.content)
        session.add(question)
    prompt = [{"role": "system", "content": f"You are a kind companion.\n{person.profile}"}, *history, {"role": "user", "content": asked.content}]
    reply = await model.chat.completions.create(model=settings.model_name, messages=prompt, max_tokens=ANSWER_TOKENS)  # type: ignore[arg-type]
    tokens = reply.usage.total_tokens if reply.usage else 0
    async with sessions.begin() as session:
        answer = Message(person_id=person.id, conversation_id=conversation.id, role="assistant", content=reply.choices[0].message.content or "")
        session.add_all([answer, conversation])
        conversation.last_message_at = datetime.now()
        used = await session.get(Usage, (person.id, today)) or Usage(person_id=person.id, day=today, calls=0, tokens=0)
        session.add(used)
        used.calls, used.tokens = used.calls + 1, used.tokens + tokens
    return Exchange(question=MessageAnswer.model_validate(question), answer=MessageAnswer.model_validate(answer), title=conversation.title, tokens=tokens)


async def load(people: list[UUID], messages: int) -> None:
    """Give each user, who is created, a conversation with ten messages and the rest of their old messages in others."""
    words = json.loads(os.environ["BENCH_WORDS"])
    async with engine.begin() as connection:
        await connection.run_sync(Table.metadata.create_all)
    for person in people:
        chooser, noon = random.Random(person.int), datetime(2026, 1, 1, 12)
        places = [UUID(int=person.int + 1 + max(0, messages - 10 - number + CONVERSATION_OF_OLD - 1) // CONVERSATION_OF_OLD) for number in range(messages)]
        rows = [
            {"person_id": person, "conversation_id": place, "role": ("user", "assistant")[number % 2], "content": " ".join(chooser.choices(words, k=10)),
             "created_at": noon - timedelta(minutes=20 * (messages - number))}
            for number, place in enumerate(places)
        ]  # fmt: skip
        async with sessions.begin() as session:
            session.add(Person(id=person, nickname="Lin", profile="\n".join(f"likes: {word}" for word in words[:8])))
            await session.flush()
            await session.execute(insert(Conversation), [{"id": place, "person_id": person, "title": "A talk"} for place in dict.fromkeys(places)])
            await session.execute(insert(Message), rows)
    await engine.dispose()
