/** The result of detection: proposed settings with their reasons, and notes for the person. It comes from names and a few manifests; nothing was run. */

import type { RepositorySettings } from "@aedev/contracts";
import { escapeLine } from "@aedev/contracts";
import type { Detection } from "@aedev/contracts/api";

export type Ecosystem = Detection["languages"][number]["language"];

/** Why a setting is proposed. Untrusted text in it is escaped and short. */
export type SettingReason = Detection["reasons"][number];
/** `per-test`: results of single tests are available; `exit-code`: changes need approval; `none`: nothing tests a change. */
export type CheckKind = NonNullable<Detection["checks"]>;

/** Settings to try if the earlier ones are not green with results of single tests. */
export type Alternative = Detection["alternatives"][number];

/** What the reader of one ecosystem found. */
export interface Part {
  readonly language: Ecosystem;
  /** Package manager and test runner, if known. */
  readonly tools: readonly string[];
  readonly settings: Partial<RepositorySettings>;
  readonly checks: CheckKind;
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  readonly alternatives?: readonly Alternative[];
  /** For a folder: the fetch step runs at the top, because the lockfile there covers the folder too. */
  readonly isPreparedAtTop?: boolean;
}
/** An image that must exist before these commands can run. */
export type ImageNeed = NonNullable<Detection["needs_image"]>;
export interface DetectedRepository {
  readonly languages: readonly { readonly language: Ecosystem; readonly tools: readonly string[] }[];
  /** `verify` empty: nothing was found that tests a change. */
  readonly settings: RepositorySettings;
  /** Null if `.aedev.yaml` names the commands: only a trial shows their kind. */
  readonly checks: CheckKind | null;
  /** Null if the default image suffices, or an image was given. */
  readonly needsImage: ImageNeed | null;
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  /** In the order of trying; none if the repository's own file names the commands. */
  readonly alternatives: readonly Alternative[];
}

/** The base commit as detection sees it. */
export interface DetectionFiles {
  /** Every path of the commit. */
  readonly paths: readonly string[];
  /** Texts of the requested files; null for a file that is not text or too large. */
  readonly texts: ReadonlyMap<string, string | null>;
  /** The version in the nearest tag's name; null or absent if there is none or it was not looked up. */
  readonly taggedVersion?: string | null;
  /** For one folder of a repository: the whole base, the folder's path, and the way up from it ("../../"). */
  readonly above?: { readonly base: DetectionFiles; readonly folder: string; readonly up: string };
}

/** Where commands that fetch run: at the top if its files cover the folder too (`isShared`), else in the folder. `toRoot`: the way there from the folder. */
export function preparedRoot(base: DetectionFiles, isShared: boolean): { files: DetectionFiles; toRoot: string } {
  const { above } = base;
  return isShared && above !== undefined ? { files: above.base, toRoot: above.up } : { files: base, toRoot: "" };
}

/** A note on a runner whose report proves nothing. */
export const unprovenNote =
  "the report is written by the tests' own process, which could forge it: changes need your approval";
const quotedLengthMax = 120;

/** Untrusted text within a sentence: escaped, one line, truncated. */
export function escapedText(text: string): string {
  return escapeLine(text, quotedLengthMax);
}

/** A file at the top as text; undefined if it is missing or unreadable. */
export function fileText(base: DetectionFiles, path: string): string | undefined {
  return base.texts.get(path) ?? undefined;
}

/** Notes on requested files that exist but can't be read. */
export function unreadableFiles(base: DetectionFiles, names: readonly string[]): string[] {
  return names
    .filter((name) => base.texts.get(name) === null)
    .map((name) => `${escapedText(name)} is not text or is too large; it was not read`);
}
