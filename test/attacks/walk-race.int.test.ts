/**
 * A process that outlives the sandbox replaces a folder by a link into the host, again and again, while the tree is read (SECURITY T36): no foreign byte gets
 * in. The controls: reading by path gets the foreign file, and without the race the honest one is captured.
 */
import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isFault } from "@aedev/contracts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OpenTree } from "../../packages/runner/src/capture/open-tree.ts";
import { walkTree } from "../../packages/runner/src/capture/walk.ts";

const scratch = mkdtempSync(join(tmpdir(), "aedev-race-"));
const tree = join(scratch, "tree");
const outside = join(scratch, "outside");
const attempts = 20_000;
let racer: ChildProcess | undefined;

const program = `
  const { renameSync } = require("node:fs");
  for (;;) {
    renameSync("swap", "aside"); renameSync("link", "swap");
    renameSync("swap", "link"); renameSync("aside", "swap");
  }`;

beforeAll(() => {
  const deep = join(tree, "deep");
  for (const folder of [join(deep, "swap"), outside]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(deep, "swap", "file"), "the sandbox's\n");
  writeFileSync(join(outside, "file"), "the host's own\n");
  symlinkSync(outside, join(deep, "link"));
  chmodSync(scratch, 0o755);
  // Under root, the racer is another user, like a sandbox's process.
  const uid = process.getuid?.() === 0 ? 2_100_000_001 : undefined;
  if (uid !== undefined) for (const path of [tree, deep, join(deep, "swap")]) chownSync(path, uid, uid);
});
afterAll(() => {
  racer?.kill("SIGKILL");
  rmSync(scratch, { recursive: true, force: true });
});

function startRace(): void {
  const uid = process.getuid?.() === 0 ? { uid: 2_100_000_001, gid: 2_100_000_001 } : {};
  racer = spawn(process.execPath, ["-e", program], { cwd: join(tree, "deep"), stdio: "ignore", ...uid });
}

/** Counts the results of a read: its text, or `refused`. */
function counted(read: () => string): Map<string, number> {
  const said = new Map<string, number>();
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    let text = "refused";
    try {
      text = read();
    } catch (error) {
      if (!isFault(error, "capture-changed") && !(error instanceof Error && "syscall" in error)) throw error;
    }
    said.set(text, (said.get(text) ?? 0) + 1);
  }
  return said;
}

function readByDescriptors(): string {
  const open = new OpenTree(tree);
  try {
    open.enter("deep/swap");
    const file = open.openFile("file");
    if (file === null) return "refused";
    const bytes = Buffer.alloc(64);
    const size = readSync(file.descriptor, bytes, 0, bytes.length, 0);
    closeSync(file.descriptor);
    return bytes.toString("utf8", 0, size);
  } finally {
    open.close();
  }
}

const walked = () =>
  walkTree({
    tree,
    base: new Map(),
    ignores: { ignored: async () => new Set() },
    outputs: [],
    fileBytesMax: 1024,
    changedBytesMax: 4096,
    entriesMax: 100,
    hash: "sha1",
  });

describe.runIf(process.platform === "linux")("a folder that is replaced by a link while it is read", () => {
  it("is walked and read unchanged without the race (the control)", async () => {
    expect(readByDescriptors()).toBe("the sandbox's\n");
    const { changes, findings } = await walked();
    expect(findings).toEqual([]);
    expect(changes.map(({ kind, path }) => `${kind} ${path}`).sort()).toEqual([
      "file deep/swap/file",
      "link deep/link",
    ]);
  });

  it("leads nowhere by descriptors, and out of the tree by path", { timeout: 120_000 }, async () => {
    startRace();
    const until = performance.now() + 30_000;
    const byPath = new Map<string, number>();
    // The other process needs time to start.
    while (!byPath.has("the host's own\n") && performance.now() < until)
      for (const [text, count] of counted(() => readFileSync(join(tree, "deep", "swap", "file"), "utf8")))
        byPath.set(text, count);
    expect(byPath.get("the host's own\n") ?? 0).toBeGreaterThan(0);
    const byDescriptors = counted(readByDescriptors);
    console.log("by path", Object.fromEntries(byPath), "by descriptors", Object.fromEntries(byDescriptors));
    expect([...byDescriptors.keys()].sort()).toEqual(["refused", "the sandbox's\n"]);
    const sizes = new Set<number>();
    for (let attempt = 0; attempt < attempts / 20; attempt += 1) {
      try {
        for (const change of (await walked()).changes) if (change.kind === "file") sizes.add(change.sizeBytes);
      } catch (error) {
        if (!isFault(error, "capture-changed")) throw error;
      }
    }
    // The host's file has another length.
    expect([...sizes]).toEqual(["the sandbox's\n".length]);
  });
});
