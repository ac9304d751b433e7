"""Small exports as the products write them, made by hand."""
from __future__ import annotations

from typing import Any


def said(name: str, parent: str | None, role: str = "user", text: object = "hello", at: Any = 1_760_000_000.0, **message: Any) -> dict[str, Any]:
    """Return a node of ChatGPT's mapping."""
    parts = text if isinstance(text, list) else [text]
    content = message.pop("content", {"content_type": "text", "parts": parts})
    return {"id": name, "parent": parent, "children": [],
            "message": {"id": f"m-{name}", "author": {"role": role}, "create_time": at, "content": content, **message}}


def chatgpt_export(*nodes: dict[str, Any], **conversation: Any) -> dict[str, Any]:
    """Return a conversation of ChatGPT's conversations.json."""
    mapping = {node["id"]: node for node in nodes}
    for node in nodes:
        if node["parent"] in mapping:
            mapping[node["parent"]]["children"].append(node["id"])
    return {"conversation_id": "c1", "title": "A talk", "create_time": 1_759_999_999.0, "mapping": mapping, "current_node": nodes[-1]["id"], **conversation}


def claude_export(**conversation: Any) -> dict[str, Any]:
    """Return a conversation of Claude's conversations.json, with an edited question, a tool's call and an attachment."""
    root = "00000000-0000-4000-8000-000000000000"
    return {
        "uuid": "5f0c", "name": "Moving to Leeds 🏡", "summary": "", "created_at": "2026-03-06T14:57:16.154764Z", "updated_at": "2026-03-06T15:06:18.581995Z",
        "account": {"uuid": "a1"},
        "chat_messages": [
            {"uuid": "h1", "sender": "human", "text": "I move to Leed.", "content": [{"type": "text", "text": "I move to Leed.", "citations": []}],
             "created_at": "2026-03-06T14:57:17.419271Z", "attachments": [], "files": [], "parent_message_uuid": root},
            {"uuid": "a1", "sender": "assistant", "text": "Where is that?", "content": [{"type": "text", "text": "Where is that?"}],
             "created_at": "2026-03-06T14:57:31Z", "attachments": [], "files": [], "parent_message_uuid": "h1"},
            {"uuid": "h2", "sender": "human", "text": "", "content": [{"type": "text", "text": "I move to Leeds in May."}],
             "created_at": "2026-03-06T14:58:00.1Z", "attachments": [{"file_name": "plan.txt", "extracted_content": "…"}], "files": [],
             "parent_message_uuid": root},
            {"uuid": "a2", "sender": "assistant", "text": "```\nThis block is not supported on your current device yet.\n```\n\nLeeds it is.",
             "content": [{"type": "thinking", "thinking": "hm"}, {"type": "tool_use", "name": "search", "input": {}}, {"type": "tool_result", "content": []},
                         {"type": "text", "text": "Leeds it is."}],
             "created_at": "2026-03-06T14:58:09Z", "attachments": [], "files": [], "parent_message_uuid": "h2"},
            {"uuid": "h3", "sender": "human", "text": "  ", "content": [], "created_at": "2026-03-06T14:59:00Z", "parent_message_uuid": "a2"},
        ],
        **conversation,
    }


def deepseek_export(**conversation: Any) -> dict[str, Any]:
    """Return a conversation of DeepSeek's conversations.json, whose answer was generated twice."""
    def node(name: str, parent: str | None, *fragments: tuple[str, str], at: str = "2026-03-30T04:49:37.018000+08:00") -> dict[str, Any]:
        message = {"files": [], "model": "deepseek-reasoner", "inserted_at": at, "fragments": [{"type": kind, "content": text} for kind, text in fragments]}
        return {"id": name, "parent": parent, "children": [], "message": message if fragments else None}

    return {
        "id": "801e9692", "title": "搬家到杭州", "inserted_at": "2026-03-30T04:49:36.505000+08:00", "updated_at": "2026-03-30T04:50:29.156000+08:00",
        "mapping": {
            "root": node("root", None), "1": node("1", "root", ("REQUEST", "我五月搬到杭州。")),
            "2": node("2", "1", ("THINK", "…"), ("RESPONSE", "恭喜！"), at="2026-03-30T04:49:40+08:00"),
            "3": node("3", "1", ("SEARCH", ""), ("RESPONSE", "杭州很美。"), at="2026-03-30T04:50:00+08:00"),
        },
        **conversation,
    }


def open_webui_export(**chat: Any) -> dict[str, Any]:
    """Return a chat of Open WebUI's export, archived, with the first answer current and a second one beside it."""
    messages = {
        "u1": {"id": "u1", "parentId": None, "childrenIds": ["a1", "a2"], "role": "user", "content": "I like tea.", "timestamp": 1_760_000_000,
               "models": ["llama3"], "files": [{"type": "image"}]},
        "a1": {"id": "a1", "parentId": "u1", "childrenIds": [], "role": "assistant", "model": "llama3:8b", "modelName": "Llama 3",
               "timestamp": 1_760_000_005_000,
               "content": '<details type="reasoning" done="true">\n<summary>Thought</summary>\n> hm\n</details>\nGreen or black?', "done": True},
        "a2": {"id": "a2", "parentId": "u1", "childrenIds": [], "role": "assistant", "content": "Nice.", "timestamp": 1_760_000_009},
    }
    return {"id": "w1", "user_id": "u", "title": "Tea", "archived": True, "pinned": False, "meta": {"tags": []}, "created_at": 1_760_000_000,
            "updated_at": 1_760_000_010,
            "chat": {"title": "Tea", "models": ["llama3:8b"], "history": {"messages": messages, "currentId": "a1"}, "messages": [], **chat}}


def qwen_export() -> dict[str, Any]:
    """Return Qwen Chat's export, whose answer has its text beside its thoughts."""
    question = {"id": "q1", "parentId": None, "childrenIds": ["a1"], "role": "user", "content": "我在杭州上班。", "timestamp": 1_760_000_000}
    answer = {"id": "a1", "parentId": "q1", "childrenIds": [], "role": "assistant", "content": "", "model": "qwen3", "timestamp": 1_760_000_004,
              "content_list": [{"phase": "think", "content": "…"}, {"phase": "answer", "content": "西湖近吗？"}]}
    history = {"messages": {"q1": question, "a1": answer}, "currentId": "a1"}
    chat = {"id": "n1", "title": "杭州", "archived": False, "created_at": 1_760_000_000, "chat": {"history": history, "messages": [question, answer]}}
    return {"success": True, "request_id": "r1", "data": [chat]}


def gemini_export() -> list[dict[str, Any]]:
    """Return Gemini's activity of Google Takeout: a prompt with its answer, and something else that was done."""
    about = {"header": "Gemini Apps", "products": ["Gemini Apps"], "activityControls": ["Gemini Apps Activity"]}
    answer = "<p>Two &amp; a half <b>hours</b>.</p><ul><li>By train</li><li>By bus</li></ul>"
    return [
        {**about, "title": "Used an Assistant feature", "time": "2026-04-20T18:30:00.000Z"},
        {**about, "title": "Prompted I drive to Leeds on Friday.\nHow long is it?", "time": "2026-04-20T18:24:31.187Z", "safeHtmlItem": [{"html": answer}],
         "attachedFiles": ["map.pdf"]},
    ]


def grok_export(**conversation: Any) -> dict[str, Any]:
    """Return Grok's export of one conversation, whose answer was generated twice."""
    def response(name: str, parent: str | None, sender: str, text: str, at: int, **more: Any) -> dict[str, Any]:
        time = {"$date": {"$numberLong": str(at)}}
        about = {"_id": name, "conversation_id": "k1", "parent_response_id": parent, "sender": sender, "message": text, "create_time": time, **more}
        return {"response": about, "share_link": None}

    about = {"id": "k1", "title": "Kites", "create_time": "2026-01-01T10:00:00Z", "temporary": False, "leaf_response_id": None, **conversation}
    responses = [
        response("r1", None, "human", "I fly kites on Sundays.", 1_767_261_600_000, file_attachments=["f1"]),
        response("r2", "r1", "ASSISTANT", "Where?", 1_767_261_610_000, model="grok-4"),
        response("r3", "r1", "assistant", 'On the beach?<grok:render card_id="1">\n<argument>0</argument></grok:render>', 1_767_261_620_500, model="grok-4"),
    ]
    return {"conversations": [{"conversation": about, "responses": responses}], "projects": [], "tasks": [], "media_posts": [{"id": "m1"}]}


def librechat_export(*, recursive: bool = False, **conversation: Any) -> dict[str, Any]:
    """Return LibreChat's export of one conversation, flat or as a tree."""
    question = {"messageId": "q", "parentMessageId": "00000000-0000-0000-0000-000000000000", "conversationId": "l1", "sender": "User",
                "text": "My sister is Mei.", "isCreatedByUser": True, "createdAt": "2026-02-01T10:00:00.000Z", "error": False}
    old = {"messageId": "r1", "parentMessageId": "q", "sender": "GPT-4", "text": "", "isCreatedByUser": False, "model": "gpt-4o",
           "createdAt": "2026-02-01T10:00:05.000Z", "content": [{"type": "text", "text": {"value": "Nice name."}}]}
    new = {"messageId": "r2", "parentMessageId": "q", "sender": "GPT-4", "text": "", "isCreatedByUser": False, "model": "gpt-4o",
           "createdAt": "2026-02-01T10:01:00.000Z", "content": [{"type": "think", "think": "hm"}, {"type": "text", "text": "How is Mei?"}]}
    tree = {"messagesTree": [{**question, "children": [{**old, "children": []}, {**new, "children": []}]}]}
    body = tree if recursive else {"messages": [question, old, new]}
    about = {"conversationId": "l1", "endpoint": "openAI", "title": "Mei", "exportAt": "10:05:00 GMT+0000", "branches": True, "recursive": recursive}
    return {**about, **body, **conversation}


def day_one_entry(**entry: Any) -> dict[str, Any]:
    """Return an entry of Day One's export, written late in the evening of 14 January in New York."""
    return {"uuid": "8F6A", "creationDate": "2026-01-15T03:30:00Z", "modifiedDate": "2026-01-15T03:31:00Z", "timeZone": "America/New_York", "isAllDay": False,
            "text": "# First run\n\nRan 5 km along the river\\. ![](dayone-moment://ABC)\n\n雨停了。", "tags": ["run", "river"], "starred": False,
            "photos": [{"identifier": "ABC"}], **entry}
