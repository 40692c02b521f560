/**
 * Reads a tree that an agent wrote, by folder descriptors (SECURITY T36): each folder is opened from the descriptor of its parent, never by a longer path, so
 * replacing a folder by a link meanwhile leads nowhere. Linux names an entry of an open folder `/proc/self/fd/<descriptor>/<name>`. On macOS, which lacks that,
 * each folder on the way is checked and then named by its path; there the containers run in another kernel.
 */
import {
  chmodSync,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readdirSync,
  readlinkSync,
  type Stats,
} from "node:fs";
import { Fault } from "@aedev/contracts";
import { isCode } from "@aedev/host/nofollow-read";
import type { BytePath } from "./base-tree.ts";

export type EntryKind = "file" | "folder" | "link" | "fifo" | "device" | "socket";

export interface ListedEntry {
  name: BytePath;
  /** As the folder's listing says; opening the entry checks it again. */
  kind: EntryKind;
}

const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const folderFlags = readFlags | constants.O_DIRECTORY;
/** Linux's O_PATH, for which Node has no name: opens an entry without permission to read it. */
const pathOnly = 0o10000000;
const hasDescriptorPaths = process.platform === "linux";

interface OpenFolder {
  path: BytePath;
  descriptor: number;
  /** An entry's name behind this prefix is a path that the system can open. */
  prefix: string | Buffer;
}

export class OpenTree {
  /** The folders from the root to the current one. */
  readonly #open: OpenFolder[];

  /** `tree`: our folder, in which the agent wrote. */
  constructor(tree: string) {
    const descriptor = openSync(tree, folderFlags);
    this.#open = [{ path: "", descriptor, prefix: hasDescriptorPaths ? `/proc/self/fd/${descriptor}/` : `${tree}/` }];
  }

  /** Makes `folder` the current one and closes all that are not above it. Throws a Fault `capture-changed` if it is not a folder. */
  enter(folder: BytePath): void {
    while (!isWithin(this.#current.path, folder)) closeSync(this.#open.pop()?.descriptor ?? -1);
    while (this.#current.path.length < folder.length) {
      const from = this.#current.path === "" ? 0 : this.#current.path.length + 1;
      const end = folder.indexOf("/", from);
      this.#enterChild(folder.slice(from, end === -1 ? undefined : end));
    }
  }

  /** The current folder's entries by name. */
  entries(): ListedEntry[] {
    const { prefix } = this.#current;
    // Latin1 keeps each byte of a name.
    const found = readdirSync(prefix, { encoding: "latin1" as BufferEncoding, withFileTypes: true });
    return found.map((entry) => ({ name: entry.name, kind: kindOf(entry) })).sort(byName);
  }

  /** Like `entries`, for a folder with at most `max` of them; stops reading and returns null if there are more. */
  fewEntries(max: number): ListedEntry[] | null {
    const folder = opendirSync(this.#current.prefix, { encoding: "latin1" as BufferEncoding });
    try {
      const found: ListedEntry[] = [];
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        if (found.length === max) return null;
        found.push({ name: entry.name, kind: kindOf(entry) });
      }
      return found.sort(byName);
    } finally {
      folder.closeSync();
    }
  }

  /** Opens a regular file of the current folder; null if it is anything else or can't be read. The caller closes it. */
  openFile(name: BytePath): { descriptor: number; state: Stats } | null {
    const descriptor = this.#openOrNull(name, readFlags) ?? this.#openUnlocked(name, readFlags);
    if (descriptor === null) return null;
    const state = fstatSync(descriptor);
    if (state.isFile()) return { descriptor, state };
    closeSync(descriptor);
    return null;
  }

  /** The target of a link in the current folder; null if the entry is not a link. */
  readLink(name: BytePath): Buffer | null {
    try {
      return readlinkSync(this.#at(name), { encoding: "buffer" });
    } catch (error) {
      if (isCode(error, ["EINVAL", "ENOENT"])) return null;
      throw error;
    }
  }

  close(): void {
    for (const { descriptor } of this.#open.splice(0)) closeSync(descriptor);
  }

  get #current(): OpenFolder {
    const current = this.#open.at(-1);
    if (current === undefined) throw new Error("the tree is closed");
    return current;
  }

  #enterChild(name: BytePath): void {
    const { path: above } = this.#current;
    const path = above === "" ? name : `${above}/${name}`;
    const descriptor = this.#openOrNull(name, folderFlags) ?? this.#openUnlocked(name, folderFlags);
    if (descriptor === null) throw new Fault("capture-changed", "a folder changed after the sandbox ended");
    const place = this.#at(name);
    const prefix = hasDescriptorPaths
      ? `/proc/self/fd/${descriptor}/`
      : Buffer.concat([Buffer.from(place), Buffer.from("/")]);
    this.#open.push({ path, descriptor, prefix });
  }

  #openOrNull(name: BytePath, flags: number): number | null {
    try {
      return openSync(this.#at(name), flags);
    } catch (error) {
      if (isCode(error, ["ENOENT", "ELOOP", "ENXIO", "ENOTDIR", "EACCES", "EISDIR", "EPERM"])) return null;
      throw error;
    }
  }

  /** Opens an entry that its owner made unreadable, after restoring the permissions of exactly that file or folder, never of a link's target. */
  #openUnlocked(name: BytePath, flags: number): number | null {
    if (!hasDescriptorPaths) return this.#openUnlockedByPath(name, flags);
    const found = this.#openOrNull(name, pathOnly | constants.O_NOFOLLOW);
    if (found === null) return null;
    try {
      const state = fstatSync(found);
      if (!state.isFile() && !state.isDirectory()) return null;
      chmodSync(`/proc/self/fd/${found}`, unlockedMode(state));
    } finally {
      closeSync(found);
    }
    return this.#openOrNull(name, flags);
  }

  #openUnlockedByPath(name: BytePath, flags: number): number | null {
    const state = lstatSync(this.#at(name), { throwIfNoEntry: false });
    if (state === undefined || (!state.isFile() && !state.isDirectory())) return null;
    chmodSync(this.#at(name), unlockedMode(state));
    return this.#openOrNull(name, flags);
  }

  #at(name: BytePath): string | Buffer {
    const { prefix } = this.#current;
    if (typeof prefix === "string" && isAscii(name)) return prefix + name;
    return Buffer.concat([Buffer.from(prefix), Buffer.from(name, "latin1")]);
  }
}

/** True if `folder` is `above` or below it. */
function isWithin(above: BytePath, folder: BytePath): boolean {
  return above === "" || folder === above || (folder.startsWith(above) && folder[above.length] === "/");
}

function unlockedMode(state: Stats): number {
  return state.isDirectory() || (state.mode & 0o111) !== 0 ? 0o700 : 0o600;
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "folder";
  if (entry.isSymbolicLink()) return "link";
  return entry.isFIFO() ? "fifo" : entry.isSocket() ? "socket" : "device";
}

function byName(one: ListedEntry, other: ListedEntry): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0;
}

export function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 0x7f) return false;
  return true;
}
