/** Risk from history on real git: what commits changed, mistakes that fixes mended, the cache, and a calibration. */
import { appendFileSync, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { isFault } from "@aedev/contracts";
import { expect, it } from "vitest";
import { addCommits, lines, mendedHistory, repositoryOf } from "../../../../test/support/commit-history.ts";
import { gitText, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { loadScorecard } from "../../src/configuration/load-scorecard.ts";
import { fetchBase } from "../../src/git/mirror.ts";
import { calibrateRepository, readCalibration } from "../../src/prior/calibrate-repository.ts";
import { measureCommits } from "../../src/prior/change-metrics.ts";
import { findMistakes } from "../../src/prior/find-mistakes.ts";
import { readAhead, readPast } from "../../src/prior/history-file.ts";
import { historyOf } from "../../src/prior/history-of-change.ts";

async function placeOf(url: string) {
  const place = { home: temporaryFolder(), repository: "r", timeoutMs };
  const { commit } = await fetchBase({ ...place, url });
  return { ...place, url, tip: commit };
}

it("measures commits as computed by hand: renames, binary files, a hostile message and names", async () => {
  const remote = repositoryOf([
    { files: { "src/a.js": lines(10), "b.bin": "\0\0" } },
    { files: { "src/a.js": null, "lib/a.js": lines(10) }, author: "bob", message: "move" },
    {
      files: { "lib/a.js": `${lines(10)}more\n`, "\u0001x": "1\n" },
      author: "cid",
      message: "\u0001f\n\nfixes 3\t4\tlib/z.js",
    },
    { files: {}, message: "" },
  ]);
  const { commits } = await readPast(await placeOf(remote));
  expect(commits.map(({ fix, files }) => ({ fix, files }))).toEqual([
    {
      fix: false,
      files: [
        { path: "b.bin", added: 0, deleted: 0 },
        { path: "src/a.js", added: 10, deleted: 0 },
      ],
    },
    { fix: false, files: [{ path: "lib/a.js", from: "src/a.js", added: 0, deleted: 0 }] },
    {
      fix: true,
      files: [
        { path: "\u0001x", added: 1, deleted: 0 },
        { path: "lib/a.js", added: 1, deleted: 0 },
      ],
    },
    { fix: false, files: [] },
  ]);
  const [, , third] = measureCommits({ commits, before: null });
  expect(third?.metrics).toEqual({
    ns: 2,
    nd: 2,
    nf: 2,
    entropy: 1,
    la: 2,
    ld: 0,
    lt: 10,
    fix: 1,
    ndev: 3,
    age: 0.5,
    nuc: 4,
  });
});

it("says the same of a change before it lands as of its commit afterwards", async () => {
  const remote = repositoryOf([
    { files: { "src/a.js": lines(10) } },
    { files: { "src/a.js": lines(12), "b.js": "1\n" }, author: "bob" },
  ]);
  const place = await placeOf(remote);
  const changed = [
    { path: "src/a.js", added_lines: 3, deleted_lines: 1 },
    { path: "c.js", added_lines: 5, deleted_lines: 0 },
  ] as never;
  const now = new Date((1_700_000_000 + 5 * 86_400) * 1_000);
  const found = await historyOf({ ...place, changed, renames: [], message: "Fix the parser", now });
  expect(found?.metrics).toEqual({
    ns: 2,
    nd: 2,
    nf: 2,
    entropy: 991,
    la: 8,
    ld: 1,
    lt: 12,
    fix: 1,
    ndev: 3,
    age: 2000,
    nuc: 4,
  });
  addCommits(
    remote,
    [{ files: { "src/a.js": `x\n${lines(11)}y\nz\n`, "c.js": lines(5) }, author: "aedev", message: "fix: parser" }],
    5,
  );
  const after = await placeOf(remote);
  const measured = measureCommits(await readPast(after));
  const { entropy = 0, age = 0, ...counts } = measured.at(-1)?.metrics ?? {};
  expect({ ...counts, entropy: Math.round(1_000 * entropy), age: 1_000 * age }).toEqual(found?.metrics);
});

it("reads only new commits again, and whatever it did not write", async () => {
  const remote = repositoryOf([{ files: { "a.js": lines(3) } }, { files: { "a.js": lines(4) } }]);
  const place = await placeOf(remote);
  const path = join(place.home, "mirrors", "r.git", "history", "commits.jsonl");
  const read: string[] = [];
  const say = (done: number, all: number) => read.push(`${done} of ${all}`);
  const first = await readPast({ ...place, say });
  expect(read).toEqual(["2 of 2"]);
  const { size } = statSync(path);
  expect(await readPast({ ...place, say })).toEqual(first);
  expect(statSync(path).size).toBe(size);

  addCommits(remote, [{ files: { "a.js": lines(6) } }], 2);
  const { commit: tip } = await fetchBase(place);
  appendFileSync(path, '{"id":"forged"}\n{"cut');
  const second = await readPast({ ...place, tip, say });
  expect(second.commits.slice(0, 2)).toEqual(first.commits);
  expect(second.commits.at(-1)?.files).toEqual([{ path: "a.js", added: 2, deleted: 0 }]);
  expect(read).toEqual(["2 of 2", "3 of 3"]);
  expect(
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => line.startsWith('{"id":"') && line.endsWith("}")),
  ).toHaveLength(4);
  // An older base is answered from the same file.
  expect(await readPast(place)).toEqual(first);
});

it("says nothing of a change while the past has many commits to read, and reads these in the background", async () => {
  const remote = repositoryOf(Array.from({ length: 501 }, (_, at) => ({ files: { "a.js": lines(1 + (at % 9)) } })));
  const place = await placeOf(remote);
  const change = { changed: [{ path: "a.js", added_lines: 2, deleted_lines: 0 }] as never, renames: [], message: "" };
  const ask = () => historyOf({ ...place, ...change, now: new Date() });
  expect(await ask()).toBeNull();
  readAhead(place);
  readAhead(place);
  const path = join(place.home, "mirrors", "r.git", "history", "commits.jsonl");
  await expect.poll(() => existsSync(path) && readFileSync(path, "utf8").split("\n").filter(Boolean)).toHaveLength(501);
  expect(await ask()).toMatchObject({ commits: 501, calibrated_by: 0, metrics: { nf: 1, la: 2, nuc: 502 } });
});

it("says nothing of a change on a commit that git can't read, and makes no folder for a deleted mirror", async () => {
  const place = await placeOf(repositoryOf([{ files: { "a.js": lines(3) } }]));
  const change = { changed: [], renames: [], message: "", now: new Date() };
  expect(await historyOf({ ...place, ...change, tip: "1".repeat(40) })).toBeNull();
  expect(await historyOf({ ...place, ...change })).toMatchObject({ commits: 1 });
  const gone = { ...place, home: temporaryFolder() };
  expect(await historyOf({ ...gone, ...change })).toBeNull();
  expect(existsSync(join(gone.home, "mirrors"))).toBe(false);
});

it("blames the commit that wrote the line which a fix removed, and nobody for comments, tests, documents or added lines", async () => {
  const remote = repositoryOf([
    { files: { "a.js": "one();\nwrong();\n// note\n", "a.test.js": "old();\n", "README.md": "old\n" } },
    { files: { "a.js": "one();\nwrong();\n// note\nlater();\n" } },
    {
      files: { "a.js": "one();\nright();\nlater();\n", "a.test.js": "new();\n", "README.md": "new\n" },
      message: "Fix it",
    },
    { files: { "a.js": "one();\nright();\nlater();\nmore();\n" }, message: "fix: only adds" },
    { files: { "a.js": "one();\nright();\n" }, message: "drop what is unused" },
  ]);
  const place = await placeOf(remote);
  const { commits } = await readPast(place);
  const isTest = (path: string) => path.endsWith(".test.js");
  const { mendedAt, fixes, since } = await findMistakes(commits, { ...place, isTest });
  expect([...mendedAt]).toEqual([[commits[0]?.id, commits[2]?.at]]);
  expect({ fixes, since }).toEqual({ fixes: 1, since: null });
});

it("calibrates a repository in which one author errs often, keeps the result, and refuses one with too few commits", async () => {
  const planned = mendedHistory();
  const place = await placeOf(repositoryOf(planned));
  const card = loadScorecard();
  expect(await readCalibration({ ...place, card })).toBeNull();
  const steps: string[] = [];
  const found = await calibrateRepository({ ...place, card, tests: [], say: (step) => steps.push(step) });
  expect(found).toMatchObject({ repository: "r", tip: place.tip, fixes: 40 });
  expect(found.commits).toBeGreaterThan(150);
  expect(found.mended).toBeGreaterThanOrEqual(39);
  expect(found.trial.after.brier).toBeLessThan(found.trial.before.brier);
  expect(steps).toContain("200 of 200 commits read");
  const kept = await readCalibration({ ...place, card });
  expect(kept).toMatchObject({ commits: found.commits, start: found.start, slope: found.slope });
  expect(
    await readCalibration({ ...place, card: { ...card, provenance: { ...card.provenance, date: "2000-01-01" } } }),
  ).toBeNull();

  const few = await placeOf(repositoryOf(planned.slice(0, 20)));
  const refused = await calibrateRepository({ ...few, card, tests: [] }).catch((error: unknown) => error);
  expect(isFault(refused, "too-few-commits") && refused.message).toContain("19 past commits");
  const none = { ...few, home: temporaryFolder() };
  await expect(calibrateRepository({ ...none, card, tests: [] })).rejects.toMatchObject({ code: "too-few-commits" });
  expect(existsSync(join(none.home, "mirrors"))).toBe(false);
});

it("runs git without a person's mail map", async () => {
  const map = "Ann <ann@example.org> <bob@example.org>\n";
  const remote = repositoryOf([{ files: { ".mailmap": map, a: "1\n" } }, { files: { a: "2\n" }, author: "bob" }]);
  const { commits } = await readPast(await placeOf(remote));
  expect(new Set(commits.map(({ author }) => author)).size).toBe(2);
  expect(gitText(remote, ["log", "--format=%aE"]).split("\n")).toEqual(["ann@example.org", "ann@example.org"]);
});
