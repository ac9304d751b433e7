// Refusals in the reader's words, and the place of what was cited within a quote.
import { Refusal } from './api';
import { texts } from './texts';

/** Return a refusal in the reader's language: by its faults, then its reason, then its code; the API's English sentence for one that is not known. */
export function explain(error: unknown): string {
  const t = texts();
  if (!(error instanceof Refusal)) return t.errors.INTERNAL_SERVER_ERROR!;
  const { faults, reason } = error.more;
  if (faults?.length) {
    return faults.map((fault) => {
      const rule = t.rules[fault.rule];
      const known = fault.field.split('.').findLast((part) => t.fields[part]);
      return rule ? t.sentence(known ? t.fields[known]! : t.thisField, rule, t.bounds(fault.min, fault.max)) : error.message;
    }).join(t.space);
  }
  if (reason && t.reasons[reason]) return t.reasons[reason];
  if (error.code === 'RATE_LIMITED' && error.more.retryAfter) return t.errors.RATE_LIMITED! + t.space + t.waitFor(Math.ceil(error.more.retryAfter));
  return t.errors[error.code] ?? (error.code.startsWith('MODEL_') ? t.errors.MODEL! : error.message);
}

/** Split a quote into what stands before, in and after the cited part. Positions are Unicode code points. */
export function cite(evidence: { quote: string; start: number; citedStart: number; citedEnd: number }): [string, string, string] {
  const characters = Array.from(evidence.quote);
  const from = Math.max(0, evidence.citedStart - evidence.start);
  const to = Math.max(from, evidence.citedEnd - evidence.start);
  return [characters.slice(0, from).join(''), characters.slice(from, to).join(''), characters.slice(to).join('')];
}

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
