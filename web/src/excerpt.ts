// What is shown of a text that a search found.
type Place = { start: number; end: number };
const SHOWN = 300; // characters of a long text
const AROUND = 60;
const SPACE = /\s/;

/** Split a text into what is marked and what stands around it: all of a short one, of a long one what is near the first marks. `null` is left-out text. Positions are Unicode code points. */
export function excerpt(text: string, matches: readonly Place[]): ({ text: string; isMatch: boolean } | null)[] {
  const characters = Array.from(text);
  const length = characters.length;
  const windows: Place[] = [];
  let shown = 0;
  if (length <= SHOWN) windows.push({ start: 0, end: length });
  for (const { start, end } of length > SHOWN ? matches : []) {
    const last = windows.at(-1);
    const from = beginOf(characters, Math.max(0, start - AROUND), start);
    const to = endOf(characters, Math.min(length, end + AROUND), end);
    const isNext = last !== undefined && from <= last.end;
    shown += isNext ? Math.max(0, to - last.end) : to - from;
    if (last && shown > SHOWN) break;
    if (isNext) last.end = Math.max(last.end, to);
    else windows.push({ start: from, end: to });
  }
  if (!windows.length) windows.push({ start: 0, end: endOf(characters, SHOWN, 0) });
  const parts: ReturnType<typeof excerpt> = [];
  const add = (from: number, to: number, isMatch: boolean) => { if (to > from) parts.push({ text: characters.slice(from, to).join(''), isMatch }); };
  let at = 0;
  for (const { start, end } of windows) {
    if (start > at) parts.push(null);
    at = start;
    for (const match of matches.filter((one) => one.start >= start && one.end <= end)) {
      add(at, match.start, false);
      add(match.start, match.end, true);
      at = match.end;
    }
    add(at, end, false);
    at = end;
  }
  if (at < length) parts.push(null);
  return parts;
}

/** A window neither begins nor ends within a word that is separated by spaces, if it is not long. */
function beginOf(characters: string[], from: number, before: number): number {
  if (!from) return 0;
  const space = characters.slice(from, Math.min(before, from + 20)).findIndex((one) => SPACE.test(one));
  return space < 0 ? from : from + space + 1;
}

function endOf(characters: string[], to: number, after: number): number {
  if (to >= characters.length) return characters.length;
  const from = Math.max(after, to - 20);
  const space = characters.slice(from, to).findLastIndex((one) => SPACE.test(one));
  return space < 0 ? to : from + space;
}
