/**
 * `aedev task replay`: repeats a recorded run of a task from its recording and compares the results; by default the last run, even if it failed or was
 * stopped. It appends no event and lands nothing.
 */

import { resolve } from "node:path";
import { counted, escapeLine } from "@aedev/contracts";
import type { RecordedRun } from "@aedev/daemon";
import { type Answer, done } from "../command-line/answer.ts";
import type { Verb } from "../command-line/verb.ts";
import { readHome } from "../daemon-client/read-home.ts";
import type { RunnerEntry } from "../terminal/entries.ts";
import type { Session } from "../terminal/session.ts";

type Replayed = Awaited<ReturnType<RunnerEntry["replayRun"]>>;

export const replayVerb: Verb = {
  summary:
    "Run a run of a task again from its recording and compare what there is, also of a run that failed or was stopped; exit code 1 if something differs.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--run <run>", summary: "the run, or the start of its id (default: the last one that has a recording)" },
    { flags: "--export <dir>", summary: "write the recording to this folder and replay nothing" },
    { flags: "--from <dir>", summary: "replay an exported folder instead of the stored recording" },
  ],
  examples: [
    "aedev task replay t-0123456789abcdef",
    "aedev task replay t-0123456789abcdef --run r-0123",
    "aedev task replay t-0123456789abcdef --export ./recording",
    "aedev task replay t-0123456789abcdef --from ./recording",
  ],
  async run(session, input) {
    const run = await readHome(session, (home) => home.recordedRun(input.argument(0), input.text("run")));
    const [exportTo, from] = [input.text("export"), input.text("from")];
    if (exportTo !== undefined) return exportRecording(session, run, resolve(exportTo));
    return replay(session, run, from === undefined ? null : resolve(from));
  },
};

async function exportRecording(session: Session, run: RecordedRun, dir: string): Promise<Answer> {
  const { task_id, run_id, journal_digest } = run;
  const { exportJournal } = await session.entries.runner();
  const exchanges = await readHome(session, ({ blobs }) => exportJournal(journal_digest, dir, blobs));
  const text = `${counted(exchanges, "exchange")} of ${run_id} written to ${dir}\nnext: aedev task replay ${task_id} --run ${run_id} --from ${dir}`;
  return done({ task_id, run_id, exported_to: dir, exchanges }, text);
}

/** `from`: an exported folder, or null for the stored recording. */
async function replay(session: Session, run: RecordedRun, from: string | null): Promise<Answer> {
  const { home, environment, entries, terminal } = session;
  const { task_id, run_id, journal_digest, tree: recorded_tree, hold_code: recorded_hold } = run;
  const order = await (await entries.daemon()).replayOrder({ home, taskId: task_id, runId: run_id, environment });
  const replayed = await (await entries.runner()).replayRun({
    ...order,
    home,
    recording: from === null ? { journalDigest: journal_digest } : { exportFolder: from },
    progress: (text) => terminal.complain(`${escapeLine(text, 200)}\n`),
  });
  const { tree, held, divergence, answers } = replayed;
  const compared = compare(run, replayed);
  const equal = compared.every(({ is_equal }) => is_equal);
  const not_compared = notCompared(run);
  const text = [
    `run ${run_id}`,
    ...compared.flatMap(({ what, recorded, replayed: again }) => [
      `recorded ${what} ${recorded}`,
      `replayed ${what} ${again}`,
    ]),
    ...not_compared.map((what) => `not compared: ${what}`),
    "limits: those of the configuration now; the log does not record a run's own",
    equal ? "equal" : "different",
  ];
  const document = { task_id, run_id, equal, recorded_tree, recorded_hold, tree, held, divergence, answers, compared };
  const answer = done({ ...document, not_compared, limits: "configuration" }, text.join("\n"));
  if (equal) return answer;
  const why = [held === null ? [] : [`${held.code} ${held.detail ?? ""}`], divergence ?? []].flat().join("; ");
  const notice = "aedev: the replay did not end as the recorded run did";
  return { ...answer, exit: 1, notice: why === "" ? notice : `${notice}: ${escapeLine(why, 300)}` };
}

interface Compared {
  readonly what: "tree" | "hold" | "patch" | "answers";
  readonly recorded: string;
  readonly replayed: string;
  readonly is_equal: boolean;
}

/** Compares what both runs have: the tree of a change or, for a run without a change, its hold if the coder caused it, its work, and the answers that it asked for. */
function compare(run: RecordedRun, { tree, held, patch_digest, answers }: Replayed): Compared[] {
  const row = (what: Compared["what"], recorded: string | null, replayed: string | null): Compared[] => [
    { what, recorded: recorded ?? "none", replayed: replayed ?? "none", is_equal: recorded === replayed },
  ];
  if (run.tree !== null) return row("tree", run.tree, tree);
  return [
    ...(run.ended_from_outside ? [] : row("hold", run.hold_code, held?.code ?? null)),
    ...(run.patch_digest === null ? [] : row("patch", run.patch_digest, patch_digest)),
    ...row("answers", String(answers.recorded), String(answers.used)),
  ];
}

function notCompared({ tree, hold_code, patch_digest, ended_from_outside }: RecordedRun): string[] {
  if (tree !== null) return [];
  return [
    "the tree, because none was captured",
    ...(patch_digest === null ? ["what it wrote, because no patch of it is kept"] : []),
    ...(ended_from_outside
      ? [
          `how it ended (${hold_code ?? "cancelled or stopped"}): that came from outside the coder, perhaps in the middle of a step, after which the patch may differ`,
        ]
      : []),
  ];
}
