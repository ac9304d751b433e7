// Zip files, read in the browser by its own DecompressionStream: the list of files, and one file at a time. Nothing but the wanted parts is loaded into memory.

/** What a file that the user chose cannot be read for; `code` is one of the errors of the texts. */
export class Unreadable extends Error {
  code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export type Entry = { name: string; method: number; isLocked: boolean; crc: number; packed: number; size: number; offset: number };

const END = 0x06054b50, END_64 = 0x06064b50, LOCATOR_64 = 0x07064b50, CENTRAL = 0x02014b50, LOCAL = 0x04034b50;
const MAX_END = 22 + 0xffff; // bytes, with the longest comment
const MAX_DIRECTORY = 64_000_000; // bytes
/** The largest file that is unpacked, in bytes: a browser's texts are not much longer. */
export const MAX_SIZE = 400_000_000;

const view = async (file: Blob, from: number, to: number): Promise<DataView> => new DataView(await file.slice(from, to).arrayBuffer());
const whole = (data: DataView, at: number): number => Number(data.getBigUint64(at, true));

export async function isZip(file: Blob): Promise<boolean> {
  const data = await view(file, 0, 4);
  return data.byteLength === 4 && (data.getUint32(0, true) === LOCAL || data.getUint32(0, true) === END);
}

/** Return the files of a zip, as its directory names them. Raises `Unreadable`. */
export async function listEntries(file: Blob): Promise<Entry[]> {
  try {
    const { start, bytes } = await findDirectory(file);
    if (bytes > MAX_DIRECTORY) throw new Unreadable('FILE_TOO_LARGE');
    const data = await view(file, start, start + bytes);
    if (data.byteLength !== bytes) throw new Unreadable('FILE_BROKEN');
    const entries: Entry[] = [];
    for (let at = 0; at + 46 <= bytes && data.getUint32(at, true) === CENTRAL; ) {
      const [nameBytes, extraBytes, noteBytes] = [28, 30, 32].map((place) => data.getUint16(at + place, true)) as [number, number, number];
      const entry = {
        name: new TextDecoder().decode(new Uint8Array(data.buffer, at + 46, nameBytes)),
        method: data.getUint16(at + 10, true), isLocked: (data.getUint16(at + 8, true) & 1) === 1, crc: data.getUint32(at + 16, true),
        packed: data.getUint32(at + 20, true), size: data.getUint32(at + 24, true), offset: data.getUint32(at + 42, true),
      };
      readLongNumbers(new DataView(data.buffer, at + 46 + nameBytes, extraBytes), entry);
      entries.push(entry);
      at += 46 + nameBytes + extraBytes + noteBytes;
    }
    return entries;
  } catch (error) {
    throw error instanceof RangeError ? new Unreadable('FILE_BROKEN') : error; // a number that leads out of the file
  }
}

async function findDirectory(file: Blob): Promise<{ start: number; bytes: number }> {
  const tailAt = Math.max(0, file.size - MAX_END);
  const tail = await view(file, tailAt, file.size);
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END || at + 22 + tail.getUint16(at + 20, true) > tail.byteLength) continue;
    const end = tailAt + at;
    const locator = end >= 20 ? await view(file, end - 20, end) : null;
    if (locator?.getUint32(0, true) === LOCATOR_64) {
      const record = await view(file, whole(locator, 8), whole(locator, 8) + 56);
      if (record.getUint32(0, true) !== END_64) throw new Unreadable('FILE_BROKEN');
      return { start: whole(record, 48), bytes: whole(record, 40) };
    }
    return { start: tail.getUint32(at + 16, true), bytes: tail.getUint32(at + 12, true) };
  }
  throw new Unreadable('FILE_BROKEN');
}

/** Take the sizes of zip64 from the extra field where the short ones say so. */
function readLongNumbers(extra: DataView, entry: Entry): void {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    let place = at + 4;
    for (const name of ['size', 'packed', 'offset'] as const) {
      if (entry[name] !== 0xffffffff) continue;
      entry[name] = whole(extra, place);
      place += 8;
    }
  }
}

/** Return the text of a file of the zip. Raises `Unreadable`. */
export async function unpack(file: Blob, entry: Entry): Promise<string> {
  const decoder = new TextDecoder(), pieces: string[] = [];
  await read(file, entry, (piece) => pieces.push(decoder.decode(piece, { stream: true })));
  return pieces.join('') + decoder.decode();
}

/** Return a file of the zip. Raises `Unreadable`. */
export async function unpackBlob(file: Blob, entry: Entry): Promise<Blob> {
  const pieces: BlobPart[] = [];
  await read(file, entry, (piece) => pieces.push(piece));
  return new Blob(pieces);
}

/** Give `take` the pieces of a file of the zip. What its directory says of the size is not believed. Raises `Unreadable`, also after the last piece. */
async function read(file: Blob, entry: Entry, take: (piece: Uint8Array<ArrayBuffer>) => void): Promise<void> {
  if (entry.isLocked) throw new Unreadable('FILE_LOCKED');
  if (entry.size > MAX_SIZE) throw new Unreadable('FILE_TOO_LARGE');
  if (entry.method !== 0 && entry.method !== 8) throw new Unreadable('FILE_UNKNOWN_ZIP');
  const local = await view(file, entry.offset, entry.offset + 30);
  if (local.byteLength < 30 || local.getUint32(0, true) !== LOCAL) throw new Unreadable('FILE_BROKEN');
  const start = entry.offset + 30 + local.getUint16(26, true) + local.getUint16(28, true);
  const packed = file.slice(start, start + entry.packed).stream();
  let size = 0, crc = -1;
  try {
    const reader = (entry.method ? packed.pipeThrough(new DecompressionStream('deflate-raw')) : packed).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > entry.size) {
        void reader.cancel().catch(() => undefined);
        break;
      }
      crc = addToCrc(crc, value);
      take(value);
    }
  } catch (error) {
    throw new Unreadable(typeof DecompressionStream === 'undefined' ? 'FILE_UNKNOWN_ZIP' : 'FILE_BROKEN');
  }
  if (size !== entry.size || ~crc >>> 0 !== entry.crc) throw new Unreadable('FILE_BROKEN');
}

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let found = byte;
  for (let bit = 0; bit < 8; bit++) found = found & 1 ? (found >>> 1) ^ 0xedb88320 : found >>> 1;
  return found;
});

function addToCrc(crc: number, bytes: Uint8Array): number {
  for (let at = 0; at < bytes.length; at++) crc = CRC[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return crc;
}
