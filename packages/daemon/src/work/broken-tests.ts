/** Collects the source of the base's broken tests and the changed code, so that core can tell whether the request itself breaks them. */

import { type CommandBody, doesRequestBreak, editsTest, type FoundEvidence, type TaskState } from "@aedev/core";
import { matchesGlob } from "@aedev/host/globs";
import { patchLines } from "@aedev/host/patch/read-patch";
import { patchAsText } from "@aedev/host/patch/visible-patch";
import type { Blobs, Mirrors } from "../control/parts.ts";
import { listTree, readBlobs, treeOf } from "../git/mirror.ts";

type Broken = Pick<Extract<CommandBody, { kind: "DecideGate" }>, "broken">;
/** Test files in which the names of broken tests are looked up. */
const filesMax = 200;

/** Empty if the checks name no broken tests. */
export async function brokenTests(
  { repository, base_commit: commit, patch, settings }: TaskState,
  { checks, specification, testChanges }: Pick<FoundEvidence, "checks" | "specification" | "testChanges">,
  control: Blobs & Mirrors,
): Promise<Broken> {
  const names = checks?.broken ?? [];
  if (names.length === 0 || commit === null || patch === null || settings === null || testChanges === null) return {};
  const isTest = (path: string) => matchesGlob(path, settings.tests);
  const mirror = control.mirror(repository);
  const tree = await listTree({ ...mirror, tree: await treeOf({ ...mirror, commit }) });
  const paths = tree.map(({ path }) => path).filter(isTest);
  const named = paths.filter((path) => names.some((name) => name.includes(path)));
  const wanted = (named.length > 0 ? named : paths).slice(0, filesMax);
  const files = [...(await readBlobs({ ...mirror, commit, paths: wanted }))].flatMap(([path, bytes]) =>
    bytes === null ? [] : [{ path, text: Buffer.from(bytes).toString("utf8") }],
  );
  const tests = names.map((name) => ({
    name,
    source: sourceOf(name, files),
    isEdited: editsTest(name, testChanges),
  }));
  const changedCode = [...patchLines(patchAsText(control.blobs.get(patch.digest)))]
    .filter(({ file }) => file !== null && ![...file.names].some(isTest))
    .map(({ text }) => text)
    .join("\n");
  const provesNew = (checks?.fail_to_pass.length ?? 0) > 0;
  const by_request = doesRequestBreak({ specification, tests, provesNew, changedCode });
  return { broken: { names, by_request } };
}

const linesMax = 120;
/** A line that begins a test or a group of tests, in any of the languages. */
const opening =
  /^\s*(?:(?:test|it|specify|describe|context|suite)\b|(?:async\s+)?def\s+test|func\s+(?:\([^)]*\)\s*)?Test|#\[\w*::?\w*test|#\[test)/u;

/** The lines from a test's title up to the next test; null if no file has the title. */
function sourceOf(name: string, files: readonly { readonly path: string; readonly text: string }[]): string | null {
  const own = files.filter(({ path }) => name.includes(path));
  const title = (name.split(" > ").at(-1) ?? name).replace(/\[.*\]$/su, "").replace(/#\d+$/u, "");
  for (const { text } of own.length > 0 ? own : files) {
    const lines = text.split("\n");
    const at = lines.findIndex((line) => line.includes(title));
    if (at < 0) continue;
    const rest = lines.slice(at + 1, at + linesMax);
    const next = rest.findIndex((line) => opening.test(line));
    return [lines[at], ...(next < 0 ? rest : rest.slice(0, next))].join("\n");
  }
  return null;
}
