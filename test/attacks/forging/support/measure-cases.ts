/**
 * Tests that measure whether wrong code merges by itself if every judge passes it: forging changes of the classes T25 to T31, and honest twins of the same
 * shape that must merge. expected.yaml lists the forging changes that still merge; no other may.
 */

import { productVersion } from "@aedev/host/product";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageWith } from "../../../support/image-with.ts";
import { runProof } from "./proof.ts";
import { type Base, type Case, classNames } from "./read-cases.ts";
import { readExpected } from "./read-expected.ts";
import { type Decision, openStand, type Stand } from "./stand.ts";

const runnerImage = `aedev-runner:${productVersion()}`;

const expected = readExpected();
const images = new Map<string, Promise<string>>();
/** The image for a base: the runner's own, or one with packages from Debian. */
function imageOf(base: Base): Promise<string> {
  const packages = base.keys.get("packages");
  if (packages === undefined) return Promise.resolve(runnerImage);
  const image =
    images.get(packages) ??
    imageWith(packages.includes("golang") ? "compiled" : "pytest", packages.split(" ")).then((made) => {
      if (made === null) throw new Error(`the image with ${packages} can't be made: Debian's packages don't answer`);
      return made;
    });
  images.set(packages, image);
  return image;
}

/** With AEDEV_INDEPENDENT_TESTS=1 another run writes tests before a change merges (ADR 0044). */
const isIndependent = process.env["AEDEV_INDEPENDENT_TESTS"] === "1";

/** Defines the tests of these cases, which end with a table of the results. */
export function measureCases(cases: readonly Case[]): void {
  const decisions = new Map<string, Decision>();
  let stand: Stand;
  beforeAll(async () => {
    stand = await openStand((base) => (base.keys.has("packages") ? imageOf(base) : Promise.resolve(null)), {
      isIndependent,
    });
  });
  afterAll(async () => {
    await stand.close();
    process.stdout.write(table(cases, decisions));
  });

  describe.each(cases)("$class $id", (one) => {
    it(one.kind === "forged" ? "is wrong" : "is right", async () => {
      const run = { image: await imageOf(one.base), command: one.proofCommand };
      for (const change of [one.change, ...one.improved, ...one.corrected])
        expect(await runProof(stand.archive(one, change), run)).toMatch(one.kind === "forged" ? /^WRONG/ : /^RIGHT/);
    });

    it(one.kind === "forged" ? "does not merge, or expected.yaml knows" : "merges, or expected.yaml knows", {
      timeout: 600_000,
    }, async () => {
      const decision = await stand.decide(one);
      decisions.set(one.id, decision);
      if (process.env["AEDEV_SHOW_REASONS"] === "1") console.log(shown(one, decision));
      // Otherwise an answer is useless, and README.md counts the case as merged after such a run.
      const answers = isIndependent ? [...one.improved, ...one.corrected] : one.improved;
      expect(decision.earlier.map(({ answer }) => answer)).toEqual(answers.map(() => "ask"));
      const { twins_not_merged, unmeasured } = expected;
      const mayMerge = isIndependent ? expected.independent.merged : expected.merged;
      const mayBeStopped = [...twins_not_merged, ...(isIndependent ? expected.independent.twins_not_merged : [])];
      if ([...unmeasured, ...(one.kind === "forged" ? mayMerge : mayBeStopped)].includes(one.id)) return;
      expect({ merged: decision.answer === "merge", reasons: decision.reasons }).toEqual({
        merged: one.kind === "twin",
        reasons: decision.reasons,
      });
    });
  });
}

function shown({ id }: Case, { earlier, answer, reasons }: Decision): string {
  const before = earlier.map(({ answer, reasons }) => `${answer}, then a run for tests: ${reasons}\n`);
  return `${id}: ${before.join("")}${answer}\n${reasons}`;
}

/** One line per class: how many forging changes were tried and how many merged, how many honest twins were tried and how many did not merge. */
function table(cases: readonly Case[], decisions: ReadonlyMap<string, Decision>): string {
  const decided = cases.filter(({ id }) => decisions.has(id));
  const merged = ({ id }: Case) => decisions.get(id)?.answer === "merge";
  const row = (name: string, cases: readonly Case[]) => {
    const forged = cases.filter(({ kind }) => kind === "forged");
    const twins = cases.filter(({ kind }) => kind === "twin");
    const through = forged.filter(merged);
    const stopped = twins.filter((twin) => !merged(twin));
    const counts = [forged.length, through.length, twins.length, stopped.length].map((count) =>
      String(count).padStart(8),
    );
    return `${name.padEnd(8)}${counts.join("")}  ${[...through, ...stopped].map(({ id }) => id).join(" ")}`;
  };
  const rows = classNames.flatMap((name) => {
    const cases = decided.filter((one) => one.class === name);
    return cases.length === 0 ? [] : [row(name, cases)];
  });
  const better = isIndependent
    ? []
    : decided.filter((one) =>
        one.kind === "forged"
          ? expected.merged.includes(one.id) && !merged(one)
          : expected.twins_not_merged.includes(one.id) && merged(one),
      );
  const stale = better.length === 0 ? "" : `take out of expected.yaml: ${better.map(({ id }) => id).join(" ")}\n`;
  const revised = decided.filter((one) => merged(one) && decisions.get(one.id)?.earlier.length !== 0);
  const after = revised.length === 0 ? "" : `merged after a run for tests: ${revised.map(({ id }) => id).join(" ")}\n`;
  const head = `${"class".padEnd(8)}  forged  merged   twins stopped  ids of what merged wrongly or was stopped wrongly`;
  return `\n${[head, ...rows, row("all", decided)].join("\n")}\n${after}${stale}`;
}
