/** Detection runs in a thread with a deadline, so that no file of a repository can block the daemon. */
import { isFault } from "@aedev/contracts";
import { expect, it } from "vitest";
import { wantedFiles } from "../../src/repository/detect/detect-repository.ts";
import { type DetectionInput, detectInThread } from "../../src/repository/detect-in-thread.ts";

function inputOf(files: Readonly<Record<string, string>>): DetectionInput {
  const paths = Object.keys(files);
  const texts = new Map(wantedFiles(paths).map((path) => [path, files[path] ?? null]));
  return [
    { paths, texts },
    { overlay: {}, image: null, runnerImage: "aedev-runner:0" },
  ];
}

const node = { "package.json": JSON.stringify({ scripts: { test: "node --test" } }), "test/a.test.js": "" };

it("detection in a thread answers with what it finds", async () => {
  expect((await detectInThread(inputOf(node))).settings).toMatchObject({ verify: ["node --test"] });
});

it("detection in a thread gives up at the deadline, says what helps, and ends the thread", async () => {
  const failed = await detectInThread(inputOf(node), { timeoutMs: 1 }).catch((error: unknown) => error);
  expect(isFault(failed, "detection-failed")).toBe(true);
  expect(failed).toMatchObject({
    message: expect.stringContaining("took longer"),
    hint: expect.stringContaining("--verify"),
  });
});

it("detection in a thread says that the thread died", async () => {
  const [base] = inputOf(node);
  const died = await detectInThread([base, null as never]).catch((error: unknown) => error);
  expect(died).toMatchObject({ code: "detection-failed", message: expect.stringContaining("failed: ") });
});

it.each([
  ["a pnpm workspace of one long line", { "pnpm-workspace.yaml": `packages:\n  - a${" ".repeat(2_000_000)}b\n` }],
  ["a pnpm workspace of many brackets", { "pnpm-workspace.yaml": "packages:[\n".repeat(200_000) }],
  ["a Go workspace of many uses", { "go.work": "use (\n".repeat(200_000), "a/go.mod": "module a\n" }],
  ["a uv workspace of many members", uvWorkspace(8_000)],
  ["many Ruby files", Object.fromEntries(Array.from({ length: 40_000 }, (_, at) => [`test/test_${at}.rb`, ""]))],
  ["many Cargo targets", cargoTargets(10_000)],
])("detection in a thread reads %s within the deadline", async (_what, files) => {
  const small = { "package.json": "{}", "a/package.json": JSON.stringify({ dependencies: { x: "1" } }) };
  expect(await detectInThread(inputOf({ ...small, ...files }))).toMatchObject({ settings: {} });
});

function uvWorkspace(members: number): Record<string, string> {
  const top = '[project]\nname = "t"\nversion = "1"\n[tool.uv.workspace]\nmembers = ["**"]\n';
  const folders = Array.from({ length: members }, (_, at) => [`p${at}/pyproject.toml`, '[project]\nname = "p"\n']);
  return { "pyproject.toml": top, "uv.lock": "", ...Object.fromEntries(folders) };
}

function cargoTargets(targets: number): Record<string, string> {
  const named = Array.from({ length: targets }, (_, at) => `[[bin]]\nname = "b${at}"\n`).join("");
  const files = Array.from({ length: targets }, (_, at) => [`src/bin/b${at}.rs`, ""]);
  return { "Cargo.toml": `[package]\nname = "c"\nversion = "1.0.0"\n${named}`, ...Object.fromEntries(files) };
}
