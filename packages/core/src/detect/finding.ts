/** What was found out about a repository by looking at names and a few manifests: proposals with their reasons, and what a person should know. Nothing of it ever ran. */
import { escapeLine } from "../mission/escape-text.ts";
import type { RepositorySettings } from "../wire/index.ts";

export type Language = "node" | "python" | "go" | "rust" | "make";

/** Why a setting is proposed as it is. Foreign text in it is escaped and short. */
export interface Reason {
  readonly setting: keyof RepositorySettings;
  readonly why: string;
}
/** `per-test`: the results of single tests can be asked for; `exit-code`: a change at best asks; `none`: nothing proves a change. */
export type CheckKind = "per-test" | "exit-code" | "none";

/** What one ecosystem's reader has to say. */
export interface Part {
  readonly language: Language;
  /** Package manager and test runner, as far as they are known. */
  readonly tools: readonly string[];
  readonly settings: Partial<RepositorySettings>;
  readonly checks: CheckKind;
  readonly reasons: readonly Reason[];
  readonly notes: readonly string[];
}
/** An image that has to be there before these commands can run. */
export interface ImageNeed {
  readonly why: string;
  /** A command that makes one, to be read and adapted, and what that one is called. */
  readonly example: string;
  readonly image: string;
}
export interface Finding {
  readonly languages: readonly { readonly language: Language; readonly tools: readonly string[] }[];
  /** `verify` empty: nothing was found that proves a change. */
  readonly settings: RepositorySettings;
  /** Null where `.aedev.yaml` names the commands: only a try shows what they give. */
  readonly checks: CheckKind | null;
  /** Null where the default image has what it takes, or an image was given. */
  readonly needsImage: ImageNeed | null;
  readonly reasons: readonly Reason[];
  readonly notes: readonly string[];
}

/** The base commit as detection sees it. */
export interface BaseFiles {
  /** Every path of the commit. */
  readonly paths: readonly string[];
  /** Text of the files that were asked for; null where one is no text or too large to be read. */
  readonly texts: ReadonlyMap<string, string | null>;
}

export const noSettings: RepositorySettings = {
  prepare: null,
  build: null,
  inputs: [],
  outputs: [],
  verify: [],
  tests: [],
  image: null,
};

const quotedLengthMax = 120;

/** Foreign text within a sentence: escaped, one line, cut. */
export function shown(text: string): string {
  return escapeLine(text, quotedLengthMax);
}

/** The text of a file at the top, or undefined where it is not there or can't be read. */
export function textOf(base: BaseFiles, path: string): string | undefined {
  return base.texts.get(path) ?? undefined;
}

/** Notes on wanted files that are there and can't be read. */
export function unreadable(base: BaseFiles, names: readonly string[]): string[] {
  return names
    .filter((name) => base.texts.get(name) === null)
    .map((name) => `${shown(name)} is no text or too large to be read; it was not looked at`);
}
