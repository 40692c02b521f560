/** `aedev evidence show`: the sealed bundle that judges and policy saw, or one of its entries. */
import { done, doneWithData, refused } from "../../command-line/answer.ts";
import { runOption, usualRun } from "../../command-line/run-option.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import { columns } from "../../render/columns.ts";
import { jsonText } from "../../render/json-text.ts";
import { judgeTriesLines } from "../../render/judge-tries-text.ts";
import { matrixText } from "../../render/matrix-text.ts";
import { independentText, provennessText, replayText, testChangesText } from "../../render/report-texts.ts";

export const verb: Verb = {
  summary: "Show a task's evidence bundle, or one entry of it.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [runOption, { flags: "--entry <name>", summary: "print this entry, e.g. patch, checks, test-matrix" }],
  examples: ["aedev evidence show t-0123456789abcdef", "aedev evidence show t-0123456789abcdef --run 1 --entry patch"],
  async run(session, input) {
    const { home } = session;
    const { task_id, verdicts } = await readHome(session, (reader) => reader.task(input.argument(0)));
    const { run_id, attempt, digest, manifest, entries } = await (await session.entries.daemon()).evidenceOf({
      ...{ home, taskId: task_id, run: input.text("run") ?? usualRun },
    });
    const name = input.text("entry");
    if (name !== undefined) return entryOf(entries, name);
    const rows = Object.entries(manifest.entries).map(([entry, blob]) => [
      entry,
      blob?.size_bytes ?? null,
      blob?.media_type ?? null,
      blob?.digest ?? null,
    ]);
    const tries = verdicts.flatMap(judgeTriesLines);
    const parts = [
      matrixText(entries),
      provennessText(entries),
      replayText(entries),
      independentText(entries),
      testChangesText(entries),
      tries.length === 0 ? "" : ["judges that were asked again:", ...tries].join("\n"),
    ].filter((part) => part !== "");
    return done(
      { task_id, run_id, bundle_digest: digest, manifest, entries },
      `run ${attempt ?? "?"} (${run_id}), bundle ${digest}\n${columns(["ENTRY", "BYTES", "TYPE", "SHA-256"], rows, "the bundle is empty")}${parts.map((part) => `\n\n${part}`).join("")}`,
    );
  },
};

function entryOf(entries: Readonly<Record<string, unknown>>, name: string) {
  if (!Object.hasOwn(entries, name))
    return refused("unknown-entry", `the bundle has no entry ${name}`, `one of: ${Object.keys(entries).join(", ")}`);
  const content = entries[name];
  return doneWithData({ entry: name, content }, typeof content === "string" ? content : jsonText(content));
}
