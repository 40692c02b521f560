/** Tells how far a version or a range moves. Pure. */
import type { DependencyRecord } from "@aedev/contracts";

export type VersionStep = DependencyRecord["step"];
const worst: readonly VersionStep[] = ["patch", "minor", "major", "back", "unclear"];

/** Suffixes of ordinary releases; any other suffix, such as `-rc.1` or a commit's time, is unclear. */
const release = /^(?:[.-](?:RELEASE|Final|GA|jre|android)|\+incompatible)?$/;
const versions = /\d+(?:\.\d+)*(?:[-+.]?[A-Za-z][\w.+-]*|-[\w.+-]+|\+[\w.+-]+)?/g;

/** The step between two exact versions. Equal ones differ in nothing that counts. */
export function versionStep(from: string, to: string): VersionStep {
  const [old, young] = [parse(from), parse(to)];
  if (old === null || young === null || old.suffix !== young.suffix) return from === to ? "patch" : "unclear";
  const length = Math.max(old.parts.length, young.parts.length);
  const at = Array.from({ length }, (_, index) => index).find((index) => old.parts[index] !== young.parts[index]);
  if (at === undefined) return from === to || old.parts.length !== young.parts.length ? "patch" : "unclear";
  if ((young.parts[at] ?? 0) < (old.parts[at] ?? 0)) return "back";
  const leading = old.parts.findIndex((part) => part !== 0);
  if (leading === -1 || at <= leading) return "major";
  return at === 1 ? "minor" : "patch";
}

function parse(version: string): { parts: number[]; suffix: string } | null {
  const [, numbers, suffix = ""] = /^v?(\d+(?:\.\d+)*)(.*)$/.exec(version) ?? [];
  return numbers === undefined || !release.test(suffix) ? null : { parts: numbers.split(".").map(Number), suffix };
}

/** The step between two ranges of one form, and the first version that differs, before and after. Ranges of different forms are unclear. */
export function rangeStep(from: string, to: string): { step: VersionStep; from: string; to: string } {
  const [old, young] = [from.match(versions) ?? [], to.match(versions) ?? []];
  const isOneForm = from.replace(versions, "#").trim() === to.replace(versions, "#").trim() && old.length > 0;
  const differing = old.flatMap((version, index) =>
    version === young[index]
      ? []
      : [{ from: version, to: young[index] ?? "", step: versionStep(version, young[index] ?? "") }],
  );
  const [first] = differing;
  if (!isOneForm || first === undefined) return { step: "unclear", from, to };
  return { ...first, step: worstStep(differing.map(({ step }) => step)) };
}

export function worstStep(all: readonly VersionStep[]): VersionStep {
  return worst[Math.max(...all.map((step) => worst.indexOf(step)))] ?? "unclear";
}
