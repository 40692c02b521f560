/** `aedev task replay`: runs a task's last recorded run again from its recording and compares the results. It appends no event and lands nothing. */
import { resolve } from "node:path";
import { counted, escapeLine } from "@aedev/contracts";
import type { RecordedRun } from "@aedev/daemon";
import { type Answer, done, refused } from "../../command-line/answer.ts";
import type { Verb } from "../../command-line/verb.ts";
import { readHome } from "../../daemon-client/read-home.ts";
import type { Session } from "../../terminal/session.ts";

export const verb: Verb = {
  summary: "Run a task again from its recording and compare the result; exit code 1 if they differ.",
  arguments: [{ name: "<task>", summary: "its id" }],
  options: [
    { flags: "--export <dir>", summary: "write the recording to this folder and replay nothing" },
    { flags: "--from <dir>", summary: "replay an exported folder instead of the stored recording" },
  ],
  examples: [
    "aedev task replay t-0123456789abcdef",
    "aedev task replay t-0123456789abcdef --export ./recording",
    "aedev task replay t-0123456789abcdef --from ./recording",
  ],
  async run(session, input) {
    const run = await readHome(session, (home) => home.recordedRun(input.argument(0)));
    const [exportTo, from] = [input.text("export"), input.text("from")];
    if (exportTo !== undefined) return exportRecording(session, run, resolve(exportTo));
    return replay(session, run, from === undefined ? null : resolve(from));
  },
};

async function exportRecording(session: Session, run: RecordedRun, dir: string): Promise<Answer> {
  const { task_id, run_id, journal_digest } = run;
  const { exportJournal } = await session.entries.runner();
  const exchanges = await readHome(session, ({ blobs }) => exportJournal(journal_digest, dir, blobs));
  const text = `${counted(exchanges, "exchange")} of ${run_id} written to ${dir}\nnext: aedev task replay ${task_id} --from ${dir}`;
  return done({ task_id, run_id, exported_to: dir, exchanges }, text);
}

/** `from`: an exported folder, or null for the stored recording. */
async function replay(session: Session, run: RecordedRun, from: string | null): Promise<Answer> {
  const { home, environment, entries, terminal } = session;
  const { task_id, run_id, journal_digest, tree: recorded_tree, hold_code: recorded_hold } = run;
  if (recorded_tree === null && recorded_hold === null) {
    const reason = `run ${run_id} of task ${task_id} was stopped before it had a result to compare with`;
    return refused("no-recorded-tree", reason, `aedev task logs ${task_id}`);
  }
  const order = await (await entries.daemon()).replayOrder({ home, taskId: task_id, environment });
  const { tree, held, divergence } = await (await entries.runner()).replayRun({
    ...order,
    home,
    recording: from === null ? { journalDigest: journal_digest } : { exportFolder: from },
    progress: (text) => terminal.complain(`${escapeLine(text, 200)}\n`),
  });
  const equal = tree === recorded_tree && (recorded_hold === null || held?.code === recorded_hold);
  const [recorded, replayed] = [
    resultText(recorded_tree, recorded_hold),
    resultText(tree, recorded_hold === null ? null : (held?.code ?? null)),
  ];
  const text = `recorded ${recorded}\nreplayed ${replayed}\n${equal ? "equal" : "different"}`;
  const answer = done({ task_id, run_id, equal, recorded_tree, recorded_hold, tree, held, divergence }, text);
  if (equal) return answer;
  const why = [held === null ? [] : [`${held.code} ${held.detail ?? ""}`], divergence ?? []].flat().join("; ");
  const notice = "aedev: the replay did not end as the recorded run did";
  return { ...answer, exit: 1, notice: why === "" ? notice : `${notice}: ${escapeLine(why, 300)}` };
}

function resultText(tree: string | null, holdCode: string | null): string {
  return holdCode === null ? `tree ${tree ?? "none"}` : `hold ${holdCode}`;
}
