/** `aedev evidence export`: writes a task's signed evidence to one file that anyone can verify. */
import { resolve } from "node:path";
import { writeNewFile } from "@aedev/host/new-file";
import { done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";

export const verb: Verb = {
  summary:
    "Write a task's signed evidence to one file that anyone can verify. It has no coder output and no raw judge answers.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    {
      flags: "--output <file>",
      summary: "file to make (default: stdout, or ./<task>.evidence.json on a terminal or with --json)",
    },
  ],
  examples: [
    "aedev evidence export t-0123456789abcdef",
    "aedev evidence export t-0123456789abcdef --output evidence.json",
  ],
  async run(session, input) {
    requireHome(session.home);
    const taskId = input.argument(0);
    const daemon = await session.entries.daemon();
    const { text, ...exported } = await daemon.exportEvidence({ home: session.home, taskId });
    const output = input.text("output");
    if (output === undefined && !session.json && session.terminal.sizeOf?.("output") === undefined) {
      session.terminal.write(text);
      return { kind: "streamed" };
    }
    const file = resolve(output ?? `${taskId}.evidence.json`);
    writeNewFile(file, text, "name another file with --output");
    const decision = exported.has_decision ? "evidence and decision" : "evidence; the gate has not decided yet";
    const lines = [
      `${file}: ${decision}, ${Buffer.byteLength(text)} bytes`,
      `signed by the key ${exported.fingerprint}; send the fingerprint over a separate channel`,
      `next: aedev evidence verify ${file}`,
    ];
    return done({ task_id: taskId, file, size_bytes: Buffer.byteLength(text), ...exported }, lines.join("\n"));
  },
};
