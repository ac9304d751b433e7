// A file of another product, cut into the parts of an import. Of a zip, the files with conversations or entries alone.
import { type Entry, isZip, listEntries, MAX_SIZE, unpack, unpackBlob, Unreadable } from './zip.ts';

/** `content` is an export of UniLife, which is imported whole; otherwise each of the `rounds` has the parts of one import. `tooLong` counts conversations that no request can take. */
export type Found = { content: string } | { rounds: string[][]; tooLong: number };

const PART_BYTES = 3_000_000; // of a request, which may have 4 MiB
const MAX_PART_BYTES = 4_100_000;
const MAX_PART_CHARACTERS = 3_999_000;
const MAX_PARTS = 64; // of an import
const MAX_BYTES = 60_000_000; // of its parts together; the API takes 64 MB

/** Read the file that the user chose. `onFile` is called before each file of a zip, with its number and how many there are. Raises `Unreadable`. */
export async function readChats(file: Blob, onFile: (number: number, of: number) => void = () => undefined): Promise<Found> {
  const parts = new Parts();
  if (!(await isZip(file))) {
    if (file.size > MAX_SIZE) throw new Unreadable('FILE_TOO_LARGE');
    const content = await file.text();
    const found = parse(content);
    if (found === undefined) throw new Unreadable('FILE_NO_JSON');
    if (isOurs(found)) return { content };
    for (const item of listItems(found) ?? [found]) parts.add(item);
    return parts.finish();
  }
  const entries = await listFiles(file, /\.json$/i);
  for (const packed of await listFiles(file, /conversations[^/]*\.zip$/i)) { // as OpenAI's privacy portal packs them
    const inner = await unpackBlob(...packed);
    if (await isZip(inner)) entries.push(...await listFiles(inner, /\.json$/i));
  }
  for (const [index, entry] of entries.entries()) {
    onFile(index + 1, entries.length);
    const content = await unpack(...entry);
    const found = parse(content);
    if (isOurs(found)) return { content };
    for (const item of (listItems(found) ?? [found]).filter(isChat)) parts.add(item);
  }
  return parts.finish();
}

/** Return the files of a zip whose names match, in their order, each with the zip that it is in. */
async function listFiles(zip: Blob, name: RegExp): Promise<[Blob, Entry][]> {
  const entries = (await listEntries(zip)).filter((entry) => name.test(entry.name) && !/(^|\/)(\._|__MACOSX\/)/.test(entry.name));
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1)).map((entry) => [zip, entry]);
}

function parse(content: string): unknown {
  try { return JSON.parse(content); } catch { return undefined; }
}

type Fields = Record<string, any>;
const isObject = (found: unknown): found is Fields => typeof found === 'object' && found !== null && !Array.isArray(found);
const isOurs = (found: unknown): boolean => isObject(found) && String(found.format ?? '').startsWith('unilife/');

/** Return the list that a file consists of, also as Day One, Grok, Qwen Chat and exporters wrap it. */
function listItems(found: unknown): unknown[] | null {
  if (Array.isArray(found)) return found;
  return isObject(found) ? [found.entries, found.conversations, found.data].find(Array.isArray) ?? null : null;
}

/** Whether the API would know it as a conversation or an entry: of ChatGPT or DeepSeek, Claude, Open WebUI or Qwen Chat, LibreChat, Day One, Grok, Gemini. */
function isChat(item: unknown): boolean {
  return isObject(item) && (isObject(item.mapping) || Array.isArray(item.chat_messages) || isObject(item.chat) || 'conversationId' in item || 'creationDate' in item
    || (isObject(item.conversation) && Array.isArray(item.responses)) || (typeof item.title === 'string' && /gemini/i.test(`${item.header} ${item.products}`)));
}

class Parts {
  private rounds: string[][][] = [];
  private bytes = PART_BYTES; // of the last part, as it is sent
  private total = MAX_BYTES; // of the last round
  private tooLong = 0;

  add(item: unknown): void {
    const text = JSON.stringify(item);
    const size = new TextEncoder().encode(JSON.stringify(text)).length;
    if (size > MAX_PART_BYTES || text.length > MAX_PART_CHARACTERS) {
      this.tooLong++;
      return;
    }
    if (this.total + size > MAX_BYTES || (this.bytes + size > PART_BYTES && this.rounds.at(-1)!.length === MAX_PARTS)) {
      this.rounds.push([]);
      this.total = 0;
      this.bytes = PART_BYTES;
    }
    const round = this.rounds.at(-1)!;
    if (this.bytes + size > PART_BYTES) {
      round.push([]);
      this.bytes = 0;
    }
    round.at(-1)!.push(text);
    this.bytes += size;
    this.total += size;
  }

  finish(): Found {
    if (!this.rounds.length) throw new Unreadable(this.tooLong ? 'FILE_TOO_LARGE' : 'FILE_NO_CHATS');
    return { rounds: this.rounds.map((parts) => parts.map((part) => `[${part.join(',')}]`)), tooLong: this.tooLong };
  }
}
