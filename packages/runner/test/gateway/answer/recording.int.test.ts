/** A long answer on a full disk: no file gets a name that does not match its bytes. Leftovers of a killed plane are deleted. */
import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clearRecordings, openRecording } from "../../../src/gateway/answer/recording.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "aedev-recording-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pathOf = (digest: string) => join(folder, digest.slice(0, 2), digest);
/** Records three megabytes while no file may exceed `blocks` of 512 bytes; prints the digest or the error. */
async function record(blocks: string): Promise<string> {
  const module = JSON.stringify(new URL("../../../src/gateway/answer/recording.ts", import.meta.url).href);
  const program = `
    const { openRecording } = await import(${module});
    const { join } = await import("node:path");
    const recording = openRecording({ put() { throw new Error("in memory"); }, pathOf: (digest) => join(${JSON.stringify(folder)}, digest.slice(0, 2), digest) });
    for (let piece = 0; piece < 48; piece += 1) try { recording.take(Buffer.alloc(65536, piece)); } catch { break; }
    try { console.log(await recording.end("text/plain")); } catch (error) { console.log("thrown", error.code); }`;
  const shell = `ulimit -f ${blocks}; exec "$0" --input-type=module -e "$1"`;
  const { stdout } = await promisify(execFile)("/bin/sh", ["-c", shell, process.execPath, program]);
  return stdout.trim();
}
const files = () =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

describe("a recording", () => {
  it("names only files that are complete", async () => {
    const digest = await record("unlimited");
    expect(
      createHash("sha256")
        .update(readFileSync(pathOf(digest)))
        .digest("hex"),
    ).toBe(digest);
    expect(files()).toEqual([pathOf(digest)]);
    rmSync(pathOf(digest));
    expect(await record("4000")).toBe("thrown recording-broken");
    expect(files()).toEqual([]);
  });

  it("has exactly the bytes that were taken, whatever the chunk sizes", async () => {
    const bytes = randomBytes(11 * 1024 * 1024);
    for (const [sizeBytes, ofBytes] of [
      [997, 2_000_001],
      [65_536, 11 * 1024 * 1024],
      [1_500_007, 9_000_000],
    ] as const) {
      const recording = openRecording({ pathOf, put: () => expect.fail() });
      for (let at = 0; at < ofBytes; at += sizeBytes) {
        const behind = recording.take(bytes.subarray(at, Math.min(ofBytes, at + sizeBytes)));
        if (behind !== null) await behind;
        else if (at % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const taken = bytes.subarray(0, ofBytes);
      const digest = await recording.end("text/plain");
      expect(digest).toBe(createHash("sha256").update(taken).digest("hex"));
      expect(readFileSync(pathOf(digest)).equals(taken)).toBe(true);
      expect(recording.head().equals(taken.subarray(0, recording.head().length))).toBe(true);
    }
    expect(files()).toHaveLength(3);
  });

  it("is cleared if it was never finished, and nothing else is", () => {
    const blob = pathOf("00".repeat(32));
    mkdirSync(dirname(blob), { recursive: true });
    for (const path of [blob, join(dirname(blob), ".recording-1-2-3")]) writeFileSync(path, "x");
    clearRecordings({ pathOf, put: () => expect.fail() });
    expect(files()).toEqual([blob]);
    rmSync(dirname(blob), { recursive: true });
    clearRecordings({ pathOf, put: () => expect.fail() });
  });
});
