/**
 * What a sandbox can leave for the host to read: in place of its result files, in the tree, and in place of the gateway's socket. No read blocks or follows a
 * link to the host, every read is bounded, and entries that git can't hold are named.
 */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { openGit } from "../../packages/host/src/git/git-at.ts";
import { captureTree } from "../../packages/runner/src/capture/capture.ts";
import { readLeftovers } from "../../packages/runner/src/coder/leftovers.ts";
import type { RunnerContext } from "../../packages/runner/src/engine/context.ts";
import { makeSocketFolder, runFolder } from "../../packages/runner/src/tree/run-folder.ts";
import { makeWorktree } from "../../packages/runner/src/tree/worktree.ts";
import { limits, makeHome, newId, sha256 } from "../../packages/runner/test/throw-away-home.ts";
import { isNight } from "../support/is-night.ts";

const scratch = mkdtempSync(join(tmpdir(), "aedev-capture-"));
const hostSecret = "the-host's-own-file";
const secretFile = join(scratch, "secret");
writeFileSync(secretFile, hostSecret);
const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(scratch, { recursive: true, force: true });
});
let attempts = 0;
afterAll(() => console.log(`capture: ${attempts} attempts, 0 bytes of the host read, none blocked`));

const holeBytes = isNight ? 1024 ** 4 : 8 * 1024 ** 3;
/** Replacements of an expected file. `held`: git can't hold it or it exceeds a bound, so the run is held. */
const kinds: readonly { name: string; held: boolean; plant: (path: string) => Promise<void> | void }[] = [
  { name: "a link to the host's file", held: false, plant: (path) => symlinkSync(secretFile, path) },
  { name: "a link to nowhere", held: false, plant: (path) => symlinkSync("/nonexistent/x", path) },
  { name: "a link to itself", held: false, plant: (path) => symlinkSync(path, path) },
  { name: "a link to a device", held: false, plant: (path) => symlinkSync("/dev/zero", path) },
  { name: "a pipe", held: true, plant: (path) => void execFileSync("/usr/bin/mkfifo", [path]) },
  { name: "a socket", held: true, plant: (path) => listen(path) },
  { name: "a hole of many gigabytes", held: true, plant: (path) => hole(path, holeBytes) },
  { name: "a file that nobody may read", held: false, plant: (path) => closed(path) },
  { name: "a folder", held: false, plant: (path) => void mkdirSync(path) },
  { name: "a folder that nobody may enter", held: false, plant: (path) => void mkdirSync(path, { mode: 0o000 }) },
  {
    name: "bytes that are no text",
    held: false,
    plant: (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0, 0x1b, 0x9b])),
  },
  { name: "JSON without an end", held: false, plant: (path) => writeFileSync(path, "[".repeat(200_000)) },
  {
    name: "a terminal's commands",
    held: false,
    plant: (path) => writeFileSync(path, "\u001b]0;x\u0007\u001b[2J\u202e"),
  },
];

async function listen(path: string): Promise<void> {
  const server = createServer().listen(path);
  servers.push(server);
  await new Promise((resolve) => server.once("listening", resolve));
}
function hole(path: string, sizeBytes: number): void {
  writeFileSync(path, "");
  truncateSync(path, sizeBytes);
}
function closed(path: string): void {
  writeFileSync(path, "mine");
  chmodSync(path, 0o000);
}

describe("a replaced result file", () => {
  for (const file of ["result.json", "cli-envelope.json", "question.json"])
    it(`${file} may be anything: it is read up to a bound, or not at all`, { timeout: 60_000 }, async () => {
      for (const { name, plant } of kinds) {
        const workspace = mkdtempSync(join(scratch, "w-"));
        await plant(join(workspace, file));
        for (let time = 0; time < 2; time += 1) {
          attempts += 1;
          const started = performance.now();
          const { transcript, question } = await readLeftovers(workspace, "");
          expect(performance.now() - started, name).toBeLessThan(10_000);
          expect(transcript ?? "", name).not.toContain(hostSecret);
          expect((transcript ?? "").length, name).toBeLessThan(8 * 1024 * 1024);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is what this is for.
          expect(question ?? "", name).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
          expect((question ?? "").length, name).toBeLessThanOrEqual(300);
        }
      }
      // The control: an honest file is read.
      const workspace = mkdtempSync(join(scratch, "w-"));
      writeFileSync(join(workspace, file), '{"question":"Which of the two?"}');
      const { transcript, question } = await readLeftovers(workspace, "");
      expect(transcript).toContain("Which of the two?");
      expect(question).toBe(file === "question.json" ? "Which of the two?" : null);
    });
});

describe("a hostile entry in the tree", () => {
  it("is named or captured as it is, but never followed, whether it is new or replaces a tracked file", {
    timeout: 300_000,
  }, async () => {
    const place = makeHome();
    try {
      const baseCommit = place.commit({ "a.txt": "one\n", "kept.txt": "kept\n" });
      const context = {
        home: place.home,
        git: openGit(join(place.home, "run", "empty")),
        blobs: place.blobs,
        user: { uid: 0, gid: 0, chown: false },
      };
      const capture = async (spoil: (tree: string) => Promise<void> | void, other: Partial<typeof limits> = {}) => {
        const runId = newId("r");
        const folder = runFolder({ home: place.home, homeId: "test", sha256 }, runId);
        mkdirSync(folder.root, { recursive: true });
        // Only these ports are used, neither engine nor model.
        await makeWorktree(
          { folder, runId, repository: "demo", baseCommit, outputs: [] },
          context as Partial<RunnerContext> as RunnerContext,
        );
        writeFileSync(join(folder.tree, "kept.txt"), "changed\n");
        await spoil(folder.tree);
        attempts += 1;
        const captured = await captureTree(
          { folder, mirror: place.mirror, baseCommit, outputs: [], limits: { ...limits, ...other } },
          context,
        );
        const patch =
          captured.patch === null ? "" : Buffer.from(place.blobs.get(captured.patch.digest)).toString("latin1");
        return { ...captured, text: patch };
      };
      for (const { name, held, plant } of kinds)
        for (const path of ["new", "a.txt"]) {
          const { finding, text } = await capture(async (tree) => {
            rmSync(join(tree, path), { force: true });
            await plant(join(tree, path));
          });
          expect(text, name).not.toContain(hostSecret);
          expect(text, name).toContain("+changed");
          expect(finding !== null, `${name} at ${path}: ${JSON.stringify(finding)}`).toBe(held);
        }
      const many = await capture(
        (tree) => {
          for (let number = 0; number < 60; number += 1) writeFileSync(join(tree, `f${number}`), "x");
        },
        { run_files: 50 },
      );
      expect(many.finding).toEqual({ code: "HOLD-BUDGET", detail: "files" });
      const long = await capture((tree) => writeFileSync(join(tree, "line"), "x".repeat(200_000)), {
        patch_bytes: 100_000,
      });
      expect(long).toMatchObject({ patch: null, finding: { code: "HOLD-BUDGET", detail: "bytes" } });
      const deep = await capture((tree) => deepFolder(tree));
      expect(deep.finding === null || deep.finding.code === "HOLD-PATCH-UNSAFE").toBe(true);
      const honest = await capture(() => undefined);
      expect(honest.finding).toBeNull();
    } finally {
      place.remove();
    }
  });
});

/** A chain of folders whose path is too long for any single call; the last ones are made from inside. */
function deepFolder(tree: string): void {
  const name = "d".repeat(250);
  const near = join(tree, ...Array.from({ length: 15 }, () => name));
  mkdirSync(near, { recursive: true });
  execFileSync("mkdir", ["-p", join(name, name)], { cwd: near });
}

describe("the place of the gateway's socket", () => {
  it("is refused if a link or a file is there, without touching anything behind it; a fresh folder gets mode 0700", () => {
    const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0, chown: false };
    for (const spoil of ["folder", "parent"] as const)
      for (const kind of ["link", "file"] as const) {
        attempts += 1;
        const home = mkdtempSync(join(scratch, "h-"));
        const elsewhere = mkdtempSync(join(scratch, "e-"));
        chmodSync(elsewhere, 0o755);
        const folder = runFolder({ home, homeId: "test", sha256 }, newId("r"));
        const spoiled = spoil === "folder" ? folder.socketFolder : join(folder.socketFolder, "..");
        mkdirSync(join(spoiled, ".."), { recursive: true, mode: 0o700 });
        if (kind === "link") symlinkSync(elsewhere, spoiled);
        else writeFileSync(spoiled, "");
        expect(() => makeSocketFolder(folder, owner), `${spoil} ${kind}`).toThrow();
        expect(statSync(elsewhere).mode & 0o777).toBe(0o755);
      }
    const folder = runFolder({ home: mkdtempSync(join(scratch, "h-")), homeId: "test", sha256 }, newId("r"));
    makeSocketFolder(folder, owner);
    makeSocketFolder(folder, owner);
    expect(lstatSync(folder.socketFolder).mode & 0o777).toBe(0o700);
    expect(existsSync(folder.socketPath)).toBe(false);
  });
});
