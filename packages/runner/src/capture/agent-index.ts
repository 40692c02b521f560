/** Reads the names in the agent's index, so that ignored files it added by force are taken. The index is hostile: the walk must meet each name too. */
import { join } from "node:path";
import { readRegular } from "@aedev/host/nofollow-read";
import type { BytePath } from "./base-tree.ts";

const indexBytesMax = 32 * 1024 * 1024;
const entriesMax = 200_000;
const [headerBytes, statBytes, extendedFlag] = [12, 40, 0x4000];

/** Empty if there is no index, or it can't be read. */
export async function namesInIndex(gitDir: string, hash: "sha1" | "sha256"): Promise<Set<BytePath>> {
  const read = await readRegular(join(gitDir, "index"), indexBytesMax);
  return read === null || read.sizeBytes > indexBytesMax ? new Set() : namesOf(read.bytes, hash === "sha1" ? 20 : 32);
}

/** The names in git's index format, versions 2 to 4. Reading stops at the first malformed entry. */
function namesOf(bytes: Buffer, idBytes: number): Set<BytePath> {
  const names = new Set<BytePath>();
  if (bytes.length < headerBytes || bytes.toString("latin1", 0, 4) !== "DIRC") return names;
  const version = bytes.readUInt32BE(4);
  const count = Math.min(bytes.readUInt32BE(8), entriesMax);
  if (version < 2 || version > 4) return names;
  let at = headerBytes;
  let previous = "";
  for (let index = 0; index < count; index += 1) {
    const flagsAt = at + statBytes + idBytes;
    if (flagsAt + 2 > bytes.length) return names;
    const isExtended = version > 2 && (bytes.readUInt16BE(flagsAt) & extendedFlag) !== 0;
    let nameAt = flagsAt + (isExtended ? 4 : 2);
    let kept = "";
    if (version === 4) {
      const removed = varint(bytes, nameAt);
      if (removed === null || removed.value > previous.length) return names;
      kept = previous.slice(0, previous.length - removed.value);
      nameAt = removed.next;
    }
    const end = bytes.indexOf(0, nameAt);
    if (end === -1) return names;
    previous = kept + bytes.toString("latin1", nameAt, end);
    names.add(previous);
    at = version === 4 ? end + 1 : at + (Math.floor((end - at) / 8) + 1) * 8;
  }
  return names;
}

/** Decodes git's variable-width number, in which each further byte adds one. */
function varint(bytes: Buffer, from: number): { value: number; next: number } | null {
  let value = 0;
  for (let at = from; at < Math.min(bytes.length, from + 4); at += 1) {
    const byte = bytes[at] ?? 0;
    value = (at === from ? 0 : value + 1) * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { value, next: at + 1 };
  }
  return null;
}
