/**
 * Unpacks a tar archive from untrusted code into a new folder of ours (SECURITY T8, T36). It accepts only files, folders and links. A device, a pipe, an
 * absolute name, `..`, a path through a link, or a hard link to anything but a file of the same archive is a Fault. Set-user-id and set-group-id bits are
 * dropped. The only file that uses tar-stream; the system's tar never reads such an archive.
 */
import {
  closeSync,
  constants,
  futimesSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  openSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeSync,
} from "node:fs";
import type { Readable } from "node:stream";
import { Fault, type HoldCode } from "@aedev/contracts";
import { extract, type Header } from "tar-stream";
import { z } from "zod";

/** The owner keeps its rights, so that the host can move and delete unpacked files; others never write. */
const folderMode = (mode: number) => (mode & 0o755) | 0o700;
const fileMode = (mode: number) => (mode & 0o755) | 0o400;

/** Latin1 keeps each byte of a name; names in extended headers are UTF-8. The library's types lack the option. */
const namesAsBytes: object = { filenameEncoding: "latin1" };

const bytesSchema = z.instanceof(Uint8Array);

/** The kinds of entries that this reader made. Only a `folder` may be on the way to another entry. */
type Made = "folder" | "file" | "link";

/** Throws a Fault with the code `refusedAs` and the detail `archive` if it refuses anything. Only we may write to `folder`, which must be empty. */
export async function readArchive(archive: Readable, folder: string, refusedAs: HoldCode): Promise<void> {
  const reader = extract(namesAsBytes);
  const target = new Target(folder);
  archive.once("error", (error) => reader.destroy(error));
  archive.pipe(reader);
  try {
    for await (const entry of reader) await target.take(entry.header, entry);
    target.finish();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(refusedAs, `the archive is refused: ${why}`, { detail: "archive", cause });
  } finally {
    archive.destroy();
    reader.destroy();
  }
}

class Target {
  readonly #folder: Buffer;
  /** The entries made so far, by path as latin1 text. */
  readonly #made = new Map<string, Made>([["", "folder"]]);
  readonly #folderTimes = new Map<string, Date>();

  constructor(folder: string) {
    this.#folder = Buffer.from(`${folder}/`);
  }

  /** `parts`: the entry's bytes, which must be read to the end. */
  async take(header: Header, parts: AsyncIterable<unknown>): Promise<void> {
    const path = pathIn(bytesOf(header.name, "path" in extendedOf(header)));
    const { mode, mtime } = header;
    if (header.type === "directory") {
      this.#makeFolder(path, mode);
      this.#folderTimes.set(path, mtime);
    } else if (header.type === "file" || header.type === "contiguous-file") {
      this.#makeWay(path);
      await this.#writeFile(path, { mode, mtime, parts });
    } else if (header.type === "symlink") {
      this.#makeWay(path);
      this.#writeLink(path, linkBytes(header), mtime);
    } else if (header.type === "link") {
      this.#makeWay(path);
      this.#linkTo(pathIn(linkBytes(header)), path);
    } else throw new Error(`an entry is a ${header.type ?? "thing of an unknown type"}`);
    for await (const part of parts) throw new Error(`${bytesSchema.parse(part).length} bytes belong to no file`);
  }

  /** Folders get their times last, because each file in them changes them. */
  finish(): void {
    for (const [path, mtime] of [...this.#folderTimes].reverse())
      if (this.#made.get(path) === "folder") lutimesSync(this.#at(path), mtime, mtime);
  }

  #makeFolder(path: string, mode: number): void {
    const there = this.#made.get(path);
    if (there === "folder") return;
    if (there !== undefined) throw new Error("an entry is a folder where another is not");
    this.#makeWay(path);
    mkdirSync(this.#at(path), { mode: folderMode(mode) });
    this.#made.set(path, "folder");
  }

  /** Creates the folders above a path. Anything else there is refused, so no link is ever followed. An earlier file or link at the path itself is replaced. */
  #makeWay(path: string): void {
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      const above = path.slice(0, end);
      const there = this.#made.get(above);
      if (there === "folder") continue;
      if (there !== undefined) throw new Error("a path leads through a link or a file");
      mkdirSync(this.#at(above), { mode: 0o755 });
      this.#made.set(above, "folder");
    }
    const there = this.#made.get(path);
    if (there === "folder") throw new Error("an entry is in the place of a folder");
    if (there !== undefined) rmSync(this.#at(path));
    this.#made.delete(path);
  }

  async #writeFile(
    path: string,
    { mode, mtime, parts }: { mode: number; mtime: Date; parts: AsyncIterable<unknown> },
  ): Promise<void> {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const file = openSync(this.#at(path), flags, fileMode(mode));
    try {
      for await (const part of parts) {
        const bytes = bytesSchema.parse(part);
        for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      }
      futimesSync(file, mtime, mtime);
    } finally {
      closeSync(file);
    }
    this.#made.set(path, "file");
  }

  #writeLink(path: string, target: Buffer, mtime: Date | null): void {
    symlinkSync(target, this.#at(path));
    if (mtime !== null) lutimesSync(this.#at(path), mtime, mtime);
    this.#made.set(path, "link");
  }

  /** The source must be a file or link that this reader made, below folders that it made, so that no link is followed on the way. */
  #linkTo(source: string, path: string): void {
    const kind = this.#made.get(source);
    if (kind === "link") this.#writeLink(path, readlinkSync(this.#at(source), { encoding: "buffer" }), null);
    else if (kind === "file") linkSync(this.#at(source), this.#at(path));
    else throw new Error("a hard link leads to no file of the archive");
    this.#made.set(path, kind);
  }

  #at(path: string): Buffer {
    return Buffer.concat([this.#folder, Buffer.from(path, "latin1")]);
  }
}

function bytesOf(text: string, isUnicode: boolean): Buffer {
  // The library decoded the name, so its original bytes are lost.
  if (isUnicode && text.includes("\u{fffd}")) throw new Error("a name is not UTF-8");
  return Buffer.from(text, isUnicode ? "utf8" : "latin1");
}

/** The entry's extended header; empty if it has none. */
function extendedOf(header: Header): object {
  return typeof header.pax === "object" && header.pax !== null ? header.pax : {};
}

function linkBytes(header: Header): Buffer {
  const bytes = bytesOf(header.linkname ?? "", "linkpath" in extendedOf(header));
  if (bytes.length === 0 || bytes.includes(0)) throw new Error("a link leads nowhere");
  return bytes;
}

/** The relative path as latin1 text, without `.` and empty parts; "" is the folder itself. */
function pathIn(name: Buffer): string {
  const text = name.toString("latin1");
  const parts = text.split("/").filter((part) => part !== "" && part !== ".");
  if (text.startsWith("/") || parts.includes("..") || text.includes("\0"))
    throw new Error("a name leads out of the archive");
  return parts.join("/");
}
