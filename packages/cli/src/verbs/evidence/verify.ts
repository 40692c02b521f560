/** `aedev evidence verify`: verifies an exported file on any machine, or a task's evidence in this home, and names an invalid part. */
import { resolve } from "node:path";
import { escapeLine } from "@aedev/contracts";
import { type Answer, done } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { requireHome } from "../../daemon-client/home.ts";
import type { DaemonEntry } from "../../terminal/entries.ts";

type Report = Awaited<ReturnType<DaemonEntry["verifyEvidence"]>>;
const lengthMax = 300;
/** A mistyped id still means a task, not a file; write ./t-1 for a file with such a name. */
const taskLike = /^t-[0-9a-z]{1,40}$/;

export const verb: Verb = {
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
    `decided: ${answer}${hold_code === null ? "" : ` ${hold_code}`}, risk ${risk.score} (${risk.level}); judges: ${words.join(", ") || "none"}`,
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
