/** The coder's own files are read without blocking on a pipe or following a link. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readLeftovers } from "../../src/coder/leftovers.ts";

it("regular files are read up to a bound, but no pipes, links or folders", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aedev-test-"));
  const secret = join(folder, "secret-of-the-host");
  writeFileSync(secret, "HOST");
  writeFileSync(join(folder, "result.json"), "x".repeat(2 * 1024 * 1024));
  symlinkSync(secret, join(folder, "cli-envelope.json"));
  execFileSync("/usr/bin/mkfifo", [join(folder, "question.json")]);
  const hostile = await readLeftovers(folder, "printed");
  expect(hostile.transcript).toContain("bytes omitted");
  expect(hostile.transcript).toContain("printed");
  expect(hostile.transcript).not.toContain("HOST");
  expect(hostile.question).toBe("(the question can't be read)");
  rmSync(join(folder, "question.json"));
  rmSync(join(folder, "cli-envelope.json"));
  writeFileSync(join(folder, "cli-envelope.json"), "ENVELOPE");
  const honest = await readLeftovers(folder, "");
  expect(honest.transcript).toContain("ENVELOPE");
  expect(honest.question).toBeNull();
  rmSync(folder, { recursive: true });
});

it("the tests that a coder's question names are read, but none if the file has another form", async () => {
  const folder = mkdtempSync(join(tmpdir(), "aedev-test-"));
  const read = async (file: unknown) => {
    writeFileSync(join(folder, "question.json"), JSON.stringify(file));
    const { question, breaks } = await readLeftovers(folder, "");
    return { question, breaks };
  };
  expect(await read({ question: "May it change?", tests: ["splits\u202e at commas"] })).toEqual({
    question: "May it change?",
    breaks: ["splits  at commas"],
  });
  for (const tests of [[], "splits", [1], [""], Array.from({ length: 65 }, () => "x")])
    expect(await read({ question: "May it change?", tests })).toEqual({ question: "May it change?", breaks: null });
  rmSync(folder, { recursive: true });
});
