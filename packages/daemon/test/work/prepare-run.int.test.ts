/** What a coder is told of its checkout before it starts: instructions through links, and what the checkout lacks. */
import { ids } from "@aedev/core/testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import { commitTo, type PlannedTree } from "../../../../test/support/git-repositories.ts";
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

it("says nothing of limits that the base does not have, and then each that it has", async () => {
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
