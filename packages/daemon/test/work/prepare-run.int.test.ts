/** What a coder is told of its checkout before it starts: instructions through links, and what the checkout lacks. */
import { ids } from "@aedev/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bareRemote, commitTo, gitText, type PlannedTree } from "../../../../test/support/git-repositories.ts";
import { prepareRun } from "../../src/work/prepare-run.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

let signed: SignedHome;

beforeAll(async () => {
  signed = await openSignedHome();
  await signed.seal();
  await signed.decide();
  await signed.submit({ kind: "RetryTask", task_id: ids.task });
});
afterAll(() => signed.close());

async function promptOn(files: PlannedTree): Promise<string> {
  const [repository] = Object.values(signed.state().repositories);
  commitTo(repository?.url ?? "", { files });
  const command = await prepareRun(ids.task, signed.control);
  if (command.kind !== "StartRun") throw new Error(command.kind);
  return Buffer.from(signed.control.blobs.get(command.prompt.digest)).toString();
}

it("the coder is told of no limit that the base lacks, and of each that it has", async () => {
  expect(await promptOn({ "a.txt": "1\n" })).not.toMatch(/Limits of the checkout|could not be read|Submodules/);
  const prompt = await promptOn({
    ".gitignore": "fixtures/\n",
    ".gitattributes": "*.psd filter=lfs diff=lfs\n",
    "vendor/module": { mode: "160000", content: "1".repeat(40) },
    ".ai/RULES.md": "Use tabs everywhere.\n",
    "AGENTS.md": { mode: "120000", content: ".ai/RULES.md" },
    "CLAUDE.md": { mode: "120000", content: "../elsewhere.md" },
  });
  expect(prompt).toContain("## Limits of the checkout");
  expect(prompt).toContain("add it with `git add -f FILE`");
  expect(prompt).toContain("Submodules are empty folders here: `vendor/module`.");
  expect(prompt).toContain("Files that Git LFS stores");
  expect(prompt).toContain("could not be read: `CLAUDE.md (link leaves the tree)`.");
  expect(prompt).toMatch(/### Repository file AGENTS\.md\n\n```text\nUse tabs everywhere\.\n```/);
});

it("the coder is told which submodules it has, and which it lacks because the base names an unconfirmed address", async () => {
  const lib = bareRemote({ "data.txt": "one\n" });
  const pinned = gitText(lib, ["rev-parse", "main"]);
  const {
    paused: _paused,
    watched: _watched,
    ...known
  } = Object.values(signed.state().repositories)[0] as never as {
    paused: unknown;
    watched: unknown;
    settings: object;
  };
  const settings = { ...known.settings, submodules: [{ path: "lib", url: lib }] };
  await signed.submit({ kind: "ConfigureRepository", ...known, settings } as never);
  const modules = (url: string) => `[submodule "lib"]\n\tpath = lib\n\turl = ${url}\n`;
  const files = { ".gitmodules": modules(lib), lib: { mode: "160000", content: pinned } } as const;
  const there = await promptOn(files);
  expect(there).toMatch(
    /Submodules have the files of their pinned commits[^\n]*`lib`\. Nothing that you change in them is taken/,
  );
  expect(there).toContain("Submodules are empty folders here: `vendor/module`.");
  const other = await promptOn({ ".gitmodules": modules(bareRemote({ "data.txt": "evil\n" })) });
  expect(other).toContain("Submodules are empty folders here: `lib`, `vendor/module`.");
  expect(other).toMatch(/Submodule `lib` is not fetched here: \.gitmodules has another address/);
  const gone = promptOn({ ".gitmodules": modules(lib), lib: { mode: "160000", content: "1".repeat(40) } });
  await expect(gone).rejects.toMatchObject({
    code: "HOLD-FETCH-FAILED",
    detail: expect.stringContaining("submodule lib"),
  });
});
