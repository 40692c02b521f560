import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { runners } from "../../../src/checks/command/runners.ts";

it.each<[string, readonly string[]]>([
  ["node-test", ["--test"]],
  // With the options that bnt passes.
  ["bnt", ["--test", "--test-reporter", "spec"]],
])("%s writes its report and also prints for people", async (name, args) => {
  const folder = mkdtempSync(join(tmpdir(), "reporters-"));
  try {
    writeFileSync(join(folder, "a.test.mjs"), "import { test } from 'node:test';\ntest('own', () => {});\n");
    const report = join(folder, "report.xml");
    const environment = runners.find((one) => one.name === name)?.environment(report);
    const { stdout, exitCode } = await execa(process.execPath, [...args, "a.test.mjs"], {
      cwd: folder,
      env: { PATH: process.env["PATH"], ...environment },
      extendEnv: false,
      reject: false,
    });
    expect({ exitCode, isPrinted: stdout.includes("own") }).toEqual({ exitCode: 0, isPrinted: true });
    expect(readFileSync(report, "utf8")).toContain('name="own"');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
