// The Markdown of an answer as a tree of elements. Only these elements exist: what is written in HTML stays text, and a picture becomes a link.
// Each character is looked at a bounded number of times, whatever the text.

export type Tag = 'p' | 'h2' | 'ul' | 'ol' | 'li' | 'blockquote' | 'pre' | 'hr' | 'table' | 'tr' | 'th' | 'td' | 'strong' | 'em' | 'del' | 'code' | 'a' | 'br';
/** An element; `href` is that of a link, `start` the number of a list's first item. */
export type Element = { tag: Tag; children: Part[]; href?: string; start?: number };
export type Part = string | Element;

const MAX_DEPTH = 6; // of quotations and lists in each other; what is deeper stays text
const MAX_ADDRESS = 1000; // characters of a link's address
const FENCE = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const HEADING = /^ {0,3}#{1,6}[ \t]+(.*)$/;
const RULE = /^ {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const QUOTE = /^ {0,3}> ?/;
const ITEM = /^( {0,3})([-*+]|\d{1,9}[.)])( +|$)/;
const DELIMITERS = /^[ \t|:-]*$/;

/** Return the blocks of a text. */
export function parse(text: string): Element[] {
  return blocks(text.replaceAll('\r\n', '\n').replaceAll('\t', '    ').split('\n'), 0);
}

function blocks(lines: string[], depth: number): Element[] {
  const found: Element[] = [];
  let paragraph: string[] = [];
  const close = () => {
    if (paragraph.length) found.push({ tag: 'p', children: inline(paragraph.join('\n')) });
    paragraph = [];
  };
  for (let at = 0; at < lines.length; ) {
    const line = lines[at]!;
    const fence = FENCE.exec(line);
    const item = depth < MAX_DEPTH ? ITEM.exec(line) : null;
    if (!line.trim()) {
      close();
      at++;
    } else if (fence) {
      close();
      let last = at + 1;
      while (last < lines.length && !isEnd(lines[last]!, fence[1]!)) last++;
      found.push({ tag: 'pre', children: [{ tag: 'code', children: [lines.slice(at + 1, last).join('\n')] }] });
      at = last + 1;
    } else if (HEADING.test(line)) {
      close();
      found.push({ tag: 'h2', children: inline(HEADING.exec(line)![1]!.trim().replace(/ #+$/, '')) });
      at++;
    } else if (RULE.test(line)) {
      close();
      found.push({ tag: 'hr', children: [] });
      at++;
    } else if (depth < MAX_DEPTH && QUOTE.test(line)) {
      close();
      let last = at;
      while (last < lines.length && (QUOTE.test(lines[last]!) || continues(lines[last]!))) last++;
      found.push({ tag: 'blockquote', children: blocks(lines.slice(at, last).map((one) => one.replace(QUOTE, '')), depth + 1) });
      at = last;
    } else if (item && !(paragraph.length && /\d/.test(item[2]!) && item[2] !== `1${item[2]!.at(-1)}`)) { // "in\n1997. That" is no list
      close();
      at = list(lines, at, item, depth, found);
    } else if (isTable(lines, at)) {
      close();
      at = table(lines, at, found);
    } else {
      paragraph.push(line.trim());
      at++;
    }
  }
  close();
  return found;
}

const isEnd = (line: string, fence: string): boolean => {
  const words = line.trim();
  return words.length >= fence.length && words === fence[0]!.repeat(words.length);
};

/** Whether a line goes on with the paragraph of the block before it, without the block's own sign. */
const continues = (line: string): boolean => Boolean(line.trim()) && ![FENCE, HEADING, RULE, QUOTE, ITEM].some((sign) => sign.test(line));

/** Add the list that begins at a line, and return the line after it. */
function list(lines: string[], begin: number, first: RegExpExecArray, depth: number, found: Element[]): number {
  const isNumbered = /\d/.test(first[2]!);
  const sign = first[2]!.at(-1);
  const result: Element = isNumbered ? { tag: 'ol', start: Number.parseInt(first[2]!, 10), children: [] } : { tag: 'ul', children: [] };
  let at = begin;
  for (;;) {
    const item = at < lines.length && !RULE.test(lines[at]!) ? ITEM.exec(lines[at]!) : null;
    if (!item || item[2]!.at(-1) !== sign) break;
    const width = item[1]!.length + item[2]!.length + (item[3]!.length > 4 ? 1 : Math.max(1, item[3]!.length));
    const inner = [lines[at]!.slice(width)];
    let last = at + 1;
    for (let blank = 0; last + blank < lines.length; ) {
      const line = lines[last + blank]!;
      if (!line.trim()) blank++;
      else if (indent(line) >= Math.min(width, 2) && (indent(line) >= width || !ITEM.test(line) || indent(line) > item[1]!.length + 1) || (!blank && continues(line))) {
        for (; blank > 0; blank--, last++) inner.push('');
        inner.push(line.slice(Math.min(indent(line), width)));
        last++;
      } else break;
    }
    const content = blocks(inner, depth + 1);
    // A list whose items are one paragraph each is set without paragraphs.
    result.children.push({ tag: 'li', children: content[0]?.tag === 'p' ? [...content[0].children, ...content.slice(1)] : content });
    at = last;
    while (at < lines.length && !lines[at]!.trim() && at + 1 < lines.length && (!lines[at + 1]!.trim() || ITEM.test(lines[at + 1]!))) at++;
  }
  found.push(result);
  return at;
}

const indent = (line: string): number => line.length - line.trimStart().length;

const isTable = (lines: string[], at: number): boolean => {
  const next = lines[at + 1];
  return next !== undefined && lines[at]!.includes('|') && next.includes('-') && next.includes('|') && DELIMITERS.test(next);
};

function table(lines: string[], begin: number, found: Element[]): number {
  const columns = cells(lines[begin]!);
  const row = (line: string, tag: 'th' | 'td'): Element => {
    const texts = cells(line);
    return { tag: 'tr', children: columns.map((_, index) => ({ tag, children: inline(texts[index] ?? '') })) };
  };
  const rows = [row(lines[begin]!, 'th')];
  let at = begin + 2;
  for (; at < lines.length && lines[at]!.includes('|'); at++) rows.push(row(lines[at]!, 'td'));
  found.push({ tag: 'table', children: rows });
  return at;
}

const cells = (line: string): string[] => line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|').map((cell) => cell.trim());

type Mark = '*' | '**' | '_' | '__' | '~~' | '[';
/** A sign that may begin an element; `at` is its place among the parts. */
type Opening = { mark: Mark; at: number; text: string };

const TAGS: Record<Exclude<Mark, '['>, Tag> = { '*': 'em', '**': 'strong', _: 'em', __: 'strong', '~~': 'del' };
const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isSpace = (character: string | undefined) => character === undefined || /\s/.test(character);
const ADDRESS = /https?:\/\/[^\s<>"'`|\u3000-\u303f\uff00-\uffef]+/iy;

/** Return the inline parts of a text. */
function inline(text: string): Part[] {
  const parts: Part[] = [];
  const openings: Opening[] = [];
  const open = new Map<Mark, number>();
  const unclosed = new Set<number>(); // lengths of backtick runs that nothing closes
  let plain = '';
  const flush = () => {
    if (plain) parts.push(plain);
    plain = '';
  };
  const begin = (mark: Mark, sign: string) => {
    flush();
    openings.push({ mark, at: parts.length, text: sign });
    parts.push(sign);
    open.set(mark, (open.get(mark) ?? 0) + 1);
  };
  const pop = (): Opening => {
    const last = openings.pop()!;
    open.set(last.mark, open.get(last.mark)! - 1);
    return last;
  };
  /** Put what follows the last opening of the mark into an element; the openings above it stay text. */
  const end = (mark: Mark, make: (children: Part[]) => Part) => {
    flush();
    for (;;) {
      const last = pop();
      if (last.mark !== mark) continue;
      const children = parts.splice(last.at).slice(1);
      parts.push(children.length ? make(children) : last.text);
      return;
    }
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    if (character === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) {
      plain += text[at + 1];
      at += 2;
    } else if (character === '`') {
      const length = run(text, at);
      const last = unclosed.has(length) ? -1 : closing(text, at + length, length);
      if (last < 0) {
        unclosed.add(length);
        plain += text.slice(at, at + length);
        at += length;
      } else {
        flush();
        parts.push({ tag: 'code', children: [text.slice(at + length, last).replaceAll('\n', ' ').replace(/^ (.*[^ ].*) $/, '$1')] });
        at = last + length;
      }
    } else if (character === '*' || character === '_' || character === '~') {
      const length = run(text, at);
      const before = text[at - 1], after = text[at + length];
      const opens = !isSpace(after) && !(character === '_' && isWord(before));
      const closes = !isSpace(before) && !(character === '_' && isWord(after));
      for (const mark of marks(character, length, closes ? openings : [])) {
        if (closes && open.get(mark)) end(mark, (children) => ({ tag: TAGS[mark], children }));
        else if (opens) begin(mark, mark);
        else plain += mark;
      }
      if (character === '~' ? length !== 2 : length > 3) plain += text.slice(at, at + length);
      at += length;
    } else if (character === '[' || (character === '!' && text[at + 1] === '[')) {
      const sign = character === '[' ? '[' : '![';
      begin('[', sign);
      at += sign.length;
    } else if (character === ']' && open.get('[')) {
      const target = text[at + 1] === '(' ? destination(text, at + 2) : null;
      const href = target && address(target.text);
      if (href) {
        end('[', (children) => ({ tag: 'a', href, children }));
        openings.splice(0, openings.length, ...openings.filter((one) => one.mark !== '[')); // no link is in a link
        open.set('[', 0);
        at = target.after;
      } else {
        openings.splice(openings.findLastIndex((one) => one.mark === '['), 1); // the words stay as they are written
        open.set('[', open.get('[')! - 1);
        plain += ']';
        at++;
      }
    } else if ((character === 'h' || character === 'H' || character === '<') && !isWord(text[at - 1]) && !open.get('[')) {
      ADDRESS.lastIndex = character === '<' ? at + 1 : at;
      const written = ADDRESS.exec(text)?.[0].slice(0, MAX_ADDRESS) ?? '';
      const isBracketed = character === '<' && text[at + 1 + written.length] === '>';
      const shown = isBracketed ? written : character === '<' ? '' : trim(written);
      const href = shown && address(shown);
      if (href) {
        flush();
        parts.push({ tag: 'a', href, children: [shown] });
        at += shown.length + (isBracketed ? 2 : 0);
      } else {
        plain += character;
        at++;
      }
    } else if (character === '\n') {
      flush();
      parts.push({ tag: 'br', children: [] });
      at++;
    } else {
      plain += character;
      at++;
    }
  }
  flush();
  return parts;
}

function run(text: string, at: number): number {
  let last = at;
  while (text[last] === text[at]) last++;
  return last - at;
}

/** Return where the backtick run of this length begins that closes one before `from`, or -1. */
function closing(text: string, from: number, length: number): number {
  for (let at = text.indexOf('`', from); at >= 0; ) {
    const found = run(text, at);
    if (found === length) return at;
    at = text.indexOf('`', at + found);
  }
  return -1;
}

/** Split a run into marks; where it closes, the one that was opened last comes first. */
function marks(character: string, length: number, openings: Opening[]): Exclude<Mark, '['>[] {
  if (character === '~') return length === 2 ? ['~~'] : [];
  const one = character as '*' | '_', two = `${character}${character}` as '**' | '__';
  if (length > 3) return [];
  if (length < 3) return [length === 1 ? one : two];
  for (let index = openings.length - 1; index >= 0; index--) {
    if (openings[index]!.mark === one) return [one, two];
    if (openings[index]!.mark === two) return [two, one];
  }
  return [two, one];
}

/** Return the address of a link and where its parenthesis has ended, or null. A title is read and left out. */
function destination(text: string, from: number): { text: string; after: number } | null {
  let depth = 1;
  const limit = Math.min(text.length, from + MAX_ADDRESS);
  for (let at = from; at < limit; at++) {
    if (text[at] === '\n') return null;
    if (text[at] === '(') depth++;
    if (text[at] === ')' && --depth === 0) {
      const [target = ''] = text.slice(from, at).trim().split(/\s/, 1);
      return { text: target.replace(/^<(.*)>$/, '$1'), after: at + 1 };
    }
  }
  return null;
}

function trim(address: string): string {
  let last = address.length;
  while (last && /[.,:;!?*_~\])}]/.test(address[last - 1]!) && !(address[last - 1] === ')' && address.slice(0, last).includes('('))) last--;
  return address.slice(0, last);
}

/** Return an address that a link may have, or null: that of a page or of a mailbox. */
function address(text: string): string | null {
  if (!/^(?:https?:\/\/|mailto:)[^\s]+$/i.test(text)) return null;
  try {
    const found = new URL(text);
    return ['http:', 'https:', 'mailto:'].includes(found.protocol) ? found.href : null;
  } catch {
    return null;
  }
}
