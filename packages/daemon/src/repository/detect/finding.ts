/** The result of detection, from names and a few manifests: proposed settings with their reasons, and notes for the person. Nothing was run. */

import type { RepositorySettings } from "@aedev/contracts";
import { escapeLine } from "@aedev/contracts";
import type { Detection } from "@aedev/contracts/api";

export type Ecosystem = Detection["languages"][number]["language"];

/** Why a setting is proposed. Untrusted text in it is escaped and short. */
export type SettingReason = Detection["reasons"][number];
/** `per-test`: single test results are available; `exit-code`: changes need approval; `none`: nothing tests a change. */
export type CheckKind = NonNullable<Detection["checks"]>;

/** Settings to try instead if those before are not green with results of single tests. */
export type Alternative = Detection["alternatives"][number];

/** The result of one ecosystem's reader. */
export interface Part {
  readonly language: Ecosystem;
  /** Package manager and test runner, as far as they are known. */
  readonly tools: readonly string[];
  readonly settings: Partial<RepositorySettings>;
  readonly checks: CheckKind;
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  readonly alternatives?: readonly Alternative[];
  /** In a folder: the fetch step runs at the top, because a lockfile there is the folder's too. */
  readonly isPreparedAtTop?: boolean;
}
/** An image that must exist before these commands can run. */
export type ImageNeed = NonNullable<Detection["needs_image"]>;
export interface DetectedRepository {
  readonly languages: readonly { readonly language: Ecosystem; readonly tools: readonly string[] }[];
  /** `verify` empty: nothing was found that tests a change. */
  readonly settings: RepositorySettings;
  /** Null if `.aedev.yaml` names the commands: only a trial shows what they give. */
  readonly checks: CheckKind | null;
  /** Null if the default image suffices, or an image was given. */
  readonly needsImage: ImageNeed | null;
  readonly reasons: readonly SettingReason[];
  readonly notes: readonly string[];
  /** In order; none if the repository's own file names the commands. */
  readonly alternatives: readonly Alternative[];
}

/** The base commit as detection sees it. */
export interface DetectionFiles {
  /** Every path of the commit. */
  readonly paths: readonly string[];
  /** Text of the requested files; null if a file is not text or too large. */
  readonly texts: ReadonlyMap<string, string | null>;
  /** The version that the nearest tag names; null or absent if there is none, or nobody asked. */
  readonly taggedVersion?: string | null;
  /** If this is one folder of a repository: the whole base, the folder's path, and the way up from it ("../../"). */
  readonly above?: { readonly base: DetectionFiles; readonly folder: string; readonly up: string };
}

/** Where the commands that fetch run: at the top if what is there is the folder's too (`isShared`), else in the folder itself. `toRoot`: the way there from the folder. */
export function preparedRoot(base: DetectionFiles, isShared: boolean): { files: DetectionFiles; toRoot: string } {
  const { above } = base;
  return isShared && above !== undefined ? { files: above.base, toRoot: above.up } : { files: base, toRoot: "" };
}

/** A note on a runner whose report nothing proves. */
export const unprovenNote =
  "the report is written by the tests' own process, which could forge it: changes need your approval";
const quotedLengthMax = 120;

/** Untrusted text within a sentence: escaped, one line, truncated. */
export function escaped(text: string): string {
  return escapeLine(text, quotedLengthMax);
}

/** The text of a file at the top, or undefined if it is missing or unreadable. */
export function fileText(base: DetectionFiles, path: string): string | undefined {
  return base.texts.get(path) ?? undefined;
}

/** Notes on requested files that exist but can't be read. */
export function unreadableFiles(base: DetectionFiles, names: readonly string[]): string[] {
  return names
    .filter((name) => base.texts.get(name) === null)
    .map((name) => `${escaped(name)} is not text or is too large; it was not read`);
}
