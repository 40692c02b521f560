/**
 * The record that the control plane works with, made once at start and without any secret; ids; commands with their envelope. `parts.ts` has the parts that
 * functions take.
 * Folder: what control's performers share.
 */
import { randomBytes } from "node:crypto";
import type { DecisionWay } from "@aedev/contracts";
import { type Command, type CommandBody, entityById, type State } from "@aedev/core";
import { sha256 } from "@aedev/host/sha256";
import type { Configuration } from "../configuration/configuration-schema.ts";
import type { Budgets } from "../configuration/live-budgets.ts";
import type { GitHubAccess } from "../github/credential.ts";
import type { EventLog } from "../log/event-log.ts";
import type { LogVerification } from "../log/verify.ts";
import type { Blobs, Home, Judges, Mirrors, Trust } from "./parts.ts";

export interface Control extends Home, Blobs, Mirrors, Trust, Judges {
  readonly configuration: Configuration;
  readonly log: EventLog;
  /** The current budgets and price list of the files. */
  readonly budgets: () => Budgets;
  /** Files of the home that can't be read now; their earlier content stays in force. */
  readonly unreadFiles: () => Promise<readonly string[]>;
  /** Checks chain, views and signed head without appending anything. */
  readonly verify: () => LogVerification;
  /** Signs the log's head: after each landing, at shutdown, and every minute in which the log changed (T13). */
  readonly signHead: () => void;
  /** The GitHub credential, read when it is needed. */
  readonly github: GitHubAccess;
}

/** Lower-case base32 without look-alikes, 16 characters: 80 bits. */
export function newId(prefix: IdPrefix): string {
  return idOf(prefix, randomBytes(idCharacters));
}
type IdPrefix = "m" | "t" | "r" | "h" | "a" | "b" | "c" | "u" | "l" | "p" | "g" | "k";

/** Derives an id from a text, the same for the same text, for things that must not be made twice. */
export function derivedId(prefix: IdPrefix, text: string): string {
  return idOf(prefix, Buffer.from(sha256(text), "hex").subarray(0, idCharacters));
}

const idCharacters = 16;
function idOf(prefix: IdPrefix, bytes: Uint8Array): string {
  const alphabet = "abcdefghjkmnpqrstvwxyz0123456789";
  let id = `${prefix}-`;
  for (const byte of bytes) id += alphabet[byte % 32];
  return id;
}

export function newNonce(): string {
  return randomBytes(16).toString("hex");
}

/** The person who sends a command, and through what. */
export interface Sender {
  readonly by: string;
  readonly way: DecisionWay;
}

/** Adds the envelope to a command: a fresh id, the sender, the time. `sender`: a person, or the name of the part of aedev that acts. */
export function makeCommand<B extends CommandBody>(
  body: B,
  sender: string | Sender,
  commandId: string = newNonce(),
): Command {
  const at = new Date().toISOString();
  if (typeof sender === "string") return { ...body, command_id: commandId, actor: sender, at } as Command;
  return { ...body, command_id: commandId, actor: sender.by, way: sender.way, at } as Command;
}

/** Gives the options of git calls on a home's mirrors. */
export function mirrorsOf({
  home,
  configuration,
  github,
  log,
}: Pick<Control, "home" | "configuration" | "github" | "log">): Mirrors["mirror"] {
  return (repository) => {
    const base = entityById(log.state.repositories, repository)?.base;
    return { home, repository, timeoutMs: configuration.landing.git_timeout_ms, remotes: github.remotes, base };
  };
}

/** The task of a work item. A missing one is a bug, because work is derived from the state. */
export function requiredTask(state: State, taskId: string): State["tasks"][string] {
  const task = state.tasks[taskId];
  if (task === undefined) throw new Error(`work for a task that is not in the state: ${taskId}`);
  return task;
}
