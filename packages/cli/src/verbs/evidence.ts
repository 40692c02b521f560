/** `aedev evidence`: shows, verifies and exports a task's evidence. */

import { resolve } from "node:path";
import { escapeLine, riskText } from "@aedev/contracts";
import { writeNewFile } from "@aedev/host/new-file";
import { type Answer, done, doneWithData, refused } from "../command-line/answer.ts";
import { runOption, usualRun } from "../command-line/run-option.ts";
import type { Verb } from "../command-line/verb.ts";
import { requireHome } from "../daemon-client/home.ts";
import { readHome } from "../daemon-client/read-home.ts";
import { columns } from "../render/columns.ts";
import { jsonText } from "../render/json-text.ts";
import { judgeTriesLines } from "../render/judges-text.ts";
import { matrixText } from "../render/matrix-text.ts";
import {
  independentText,
  provennessText,
  replayText,
  secondImplementationLines,
  testChangesText,
} from "../render/report-texts.ts";
import type { DaemonEntry } from "../terminal/entries.ts";

const showVerb: Verb = {
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
      secondImplementationLines(entries),
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

type Report = Awaited<ReturnType<DaemonEntry["verifyEvidence"]>>;
const lengthMax = 300;
/** A mistyped id still means a task, not a file; write ./t-1 for a file with such a name. */
const taskLike = /^t-[0-9a-z]{1,40}$/;

const verifyVerb: Verb = {
  summary:
    "Verify a task's evidence here, or an exported file on any machine; on failure (exit code 1) it names the broken part.",
  arguments: [{ name: "<task|file>", summary: "a task of this home, or a file that `evidence export` wrote" }],
  options: [
    {
      flags: "--key <file>",
      summary:
        "the only public key to trust: a copy of the sender's keys/evidence.pub; without it the result says which key was used",
    },
    { flags: "--read-patch", summary: "also check the lines of a patch over 1 MiB (slow)" },
  ],
  examples: [
    "aedev evidence verify t-0123456789abcdef",
    "aedev evidence verify evidence.json",
    "aedev evidence verify evidence.json --key sender.pub",
  ],
  async run(session, input) {
    const [name, key] = [input.argument(0), input.text("key")];
    const isTask = taskLike.test(name);
    if (isTask) requireHome(session.home);
    const report = await (await session.entries.daemon()).verifyEvidence({
      home: session.home,
      source: isTask ? { taskId: name } : { file: resolve(name) },
      readPatch: input.flag("readPatch"),
      ...(key === undefined ? {} : { keyFile: resolve(key) }),
    });
    return answerOf(report);
  },
};

function answerOf(report: Report): Answer {
  const { problem, steps } = report;
  const lines = [
    ...steps.map(({ part, what }) => `ok      ${escapeLine(`${part}: ${what}`, lengthMax)}`),
    ...(problem === null ? [] : [`BROKEN  ${escapeLine(`${problem.part}: ${problem.what}`, lengthMax)}`]),
    ...decisionLines(report),
    ...keyLines(report),
  ];
  const answer = done(report, lines.join("\n"));
  if (problem === null) return answer;
  const notice = `aedev: the evidence is not valid: ${escapeLine(`${problem.part}: ${problem.what}`, lengthMax)}`;
  return { ...answer, exit: 1, notice };
}

/** Shows the decision only if the evidence is valid. */
function decisionLines({ decision, ok }: Report): string[] {
  if (decision === null || !ok) return [];
  const { answer, hold_code, verdicts, judges, risk } = decision;
  const words = verdicts.map(({ family, model, verdict }) => `${family} (${model}) ${verdict}`);
  const percent = (permille: number) => `${Math.round(permille / 10)} %`;
  const rates = judges.map(
    ({ family, planted, caught, lower_permille, upper_permille, qualified }) =>
      `${family} ${caught} of ${planted} (${percent(lower_permille)} to ${percent(upper_permille)})${qualified ? "" : ", its vote did not count"}`,
  );
  return [
    `decided: ${answer}${hold_code === null ? "" : ` ${hold_code}`}, ${riskText({ risk_score: risk.score, score_kind: risk.kind === "log-odds" ? "log-odds" : "points", level: risk.level })}; judges: ${words.join(", ") || "none"}`,
    ...(rates.length === 0 ? [] : [`planted defects that the judges found: ${rates.join(", ")}`]),
  ].map((line) => escapeLine(line, lengthMax));
}

function keyLines({ key }: Report): string[] {
  switch (key?.source) {
    case undefined:
      return [];
    case "given":
      return [`key: the given one, ${key.fingerprint}`];
    case "home":
      return [`key: this home's, ${key.fingerprint}`];
    case "file":
      return [
        "key: signed by the key in the file; compare its fingerprint with the one the sender gives you:",
        `     ${key.fingerprint}`,
      ];
  }
}

const exportVerb: Verb = {
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

export const verbs = { show: showVerb, verify: verifyVerb, export: exportVerb };
