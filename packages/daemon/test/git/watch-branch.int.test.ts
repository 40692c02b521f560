/** Follows a landed change on its branch, on histories that real git made. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { git, gitText, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { type BranchFinding, type BranchWatch, beginWatch, followBranch } from "../../src/git/watch-branch.ts";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join("");
const before = lines(1, 30);
const changed = before.replace("line 10\n", "ours one\nours two\n").replace("line 20\n", "");

/** A working copy with a base and the landed change on `main`. */
function landed() {
  const folder = temporaryFolder();
  const run = (...args: string[]) =>
    gitText(folder, ["-c", "user.name=Person", "-c", "user.email=person@example.org", ...args]);
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  const commit = (message: string) => {
    run("add", "--all");
    run("commit", "--quiet", "--allow-empty", "-m", message);
    return run("rev-parse", "HEAD");
  };
  git("/", ["init", "--quiet", "--initial-branch=main", folder]);
  write("a.txt", before);
  write("other.txt", "other\n");
  const base = commit("base");
  write("a.txt", changed);
  write("new.txt", "new\n");
  const own = commit("the change");
  return { folder, run, write, commit, base, own };
}
type Copy = ReturnType<typeof landed>;

async function look({ folder, run, own }: Copy, watch?: BranchWatch) {
  const call = { gitDir: join(folder, ".git"), timeoutMs };
  return followBranch(watch ?? (await beginWatch(own, call)), { ...call, tip: run("rev-parse", "main") });
}
const brief = (findings: readonly BranchFinding[]) =>
  findings.map((found) => (found.outcome === "gone" ? ["gone"] : [found.outcome, found.lines, found.saysRevert]));

const stories: Record<string, { make: (copy: Copy) => void; findings: unknown[] }> = {
  "nothing, if nothing follows": { make: () => undefined, findings: [] },
  "nothing, if other lines and files change and others move ours": {
    make: ({ write, commit }) => {
      write("a.txt", `first\n${changed.replace("line 30", "line thirty")}`);
      write("other.txt", "changed\n");
      commit("unrelated");
    },
    findings: [],
  },
  "git revert as taken back": {
    make: ({ run, own }) => void run("revert", "--no-edit", own),
    findings: [["reverted", 3, true]],
  },
  "a revert behind other changes of the file, merged from a branch with a word of its own": {
    make: ({ run, write, commit, own }) => {
      write("a.txt", `first\n${changed.replace("line 30", "line thirty")}`);
      commit("unrelated");
      run("switch", "--quiet", "-c", "back");
      run("revert", "--no-edit", own);
      run("switch", "--quiet", "main");
      write("other.txt", "changed\n");
      commit("more");
      run("merge", "--quiet", "--no-ff", "-m", "Merge back", "back");
    },
    findings: [["reverted", 3, true]],
  },
  "files put back by hand as taken back, whatever the message": {
    make: ({ run, write, commit }) => {
      write("a.txt", before);
      run("rm", "--quiet", "new.txt");
      commit("tidy");
    },
    findings: [["reverted", 3, false]],
  },
  "a message that promises more than its tree as changed again": {
    make: ({ write, commit, own }) => {
      write("a.txt", changed.replace("ours two\n", ""));
      commit(`Revert "the change"\n\nThis reverts commit ${own}.`);
    },
    findings: [["changed-again", 1, true]],
  },
  "a later fix of the same line, in a file that was renamed before": {
    make: ({ run, write, commit }) => {
      run("mv", "a.txt", "b.txt");
      write("other.txt", "changed\n");
      commit("rename");
      write("b.txt", `first\n${changed.replace("ours two", "ours, corrected")}`);
      commit("fix");
    },
    findings: [["changed-again", 1, false]],
  },
  "each step by which it goes": {
    make: ({ run, write, commit }) => {
      write("a.txt", before);
      commit("half");
      run("rm", "--quiet", "new.txt");
      commit("the rest");
    },
    findings: [
      ["changed-again", 2, false],
      ["reverted", 1, false],
    ],
  },
  "a branch that was set back as gone": {
    make: ({ run, base }) => void run("reset", "--quiet", "--hard", base),
    findings: [["gone"]],
  },
  "nothing in a merge that has the change on its second side": {
    make: ({ run, write, commit, base }) => {
      run("switch", "--quiet", "-c", "side", base);
      write("other.txt", "side\n");
      commit("side");
      run("merge", "--quiet", "--no-ff", "-m", "Merge main", "main");
      run("branch", "--quiet", "--force", "main", "side");
    },
    findings: [],
  },
};

it.each(Object.entries(stories))("watching a branch reports %s", async (_, { make, findings }) => {
  const copy = landed();
  make(copy);
  const found = await look(copy);
  expect(brief(found.findings)).toEqual(findings);
});

it("watching a branch continues where the last look ended, and names the commit and its subject", async () => {
  const copy = landed();
  const first = await look(copy);
  expect(first.findings).toEqual([]);
  copy.write("a.txt", changed.replace("ours one\n", "theirs\n"));
  const fix = copy.commit("Fix \u001b[31mit");
  const second = await look(copy, first.watch);
  expect(second.findings).toMatchObject([{ commit: fix, ids: [fix], subject: String.raw`Fix \u{1b}[31mit` }]);
  expect((await look(copy, second.watch)).findings).toEqual([]);
  // The changed line does not belong to the landed change any more.
  copy.write("a.txt", changed.replace("ours one\n", "theirs again\n"));
  copy.commit("again");
  expect((await look(copy, second.watch)).findings).toEqual([]);
});

it("watching a branch follows only the commit of a change with too many files", async () => {
  const copy = landed();
  for (let number = 0; number < 201; number += 1) copy.write(`many-${number}.txt`, "x\n");
  const many = copy.commit("many");
  copy.run("revert", "--no-edit", many);
  expect((await look({ ...copy, own: many })).findings).toEqual([]);
  copy.run("reset", "--quiet", "--hard", copy.own);
  expect(brief((await look({ ...copy, own: many })).findings)).toEqual([["gone"]]);
});
