/** Runs a script in a real Node process under the recorder, as a check's container does, and returns the record. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { recordAssertions } from "../../../src/checks/record/recording.ts";
import type { Tally } from "../../../src/checks/record/tally.ts";

export interface Recorded {
  tally: Tally;
  stdout: string;
  stderr: string;
}

/** `isRecorded`: false runs the same script without the recorder. The script is `script.cjs` in `folder`, which is the checkout. */
export async function runRecorded(script: string, isRecorded = true): Promise<Recorded> {
  const place = mkdtempSync(join(tmpdir(), "aedev-record-"));
  const recording = recordAssertions(join(place, "record"), place);
  try {
    const preload = join(place, "preload.cjs");
    // Without a container, the pipe is where it was made.
    writeFileSync(
      preload,
      isRecorded ? recording.preload.replaceAll(recording.mount.target, recording.mount.source) : "",
    );
    const file = join(place, "script.cjs");
    writeFileSync(file, script);
    const { stdout, stderr } = await execa(process.execPath, [`--require=${preload}`, file], {
      env: { NODE_OPTIONS: "" },
      reject: false,
      maxBuffer: 64 * 1024 * 1024,
    });
    return { tally: await recording.close(), stdout, stderr: stderr.replaceAll(place, "/place") };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
