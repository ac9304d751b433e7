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
