/** Writes aedev's texts for GitHub: a pull request's title and body, and the evidence check. They come from sealed evidence and the log only. */
import {
  addUsage,
  checksSchema,
  counted,
  type HostText,
  host,
  hostText,
  noUsage,
  provennessSchema,
} from "@aedev/contracts";
import { pullRequestBody, pullRequestMarker, type TaskState } from "@aedev/core";
import { sumUsage } from "@aedev/core/reading";
import { commitSubjectOf } from "../commit-text/commit-message.ts";
import type { Blobs, Records, Spending } from "../control/parts.ts";
import { openBundle, readSpecification } from "../control/read-blobs.ts";
import { repositoryCommits } from "../control/repository-commits.ts";
import { writerOf } from "../control/written-by.ts";
import type { EvidenceCheck } from "../github/evidence-check.ts";

export interface PullRequestTexts {
  readonly title: HostText;
  readonly body: HostText;
  /** Recognizes a body as aedev's for this change. */
  readonly marker: string;
  readonly evidence: Omit<EvidenceCheck, "commit">;
}

export function pullRequestTexts(task: TaskState, control: Blobs & Records & Spending): PullRequestTexts {
  const { evidence, gate } = task;
  if (evidence === null) throw new Error(`task ${task.task_id} lands without evidence`);
  const bundle = openBundle(control, evidence.bundle.digest);
  const checks = bundle.entry("checks", checksSchema);
  const ids = { taskId: task.task_id, missionId: task.mission_id, changeDigest: evidence.change_digest };
  const isDraft = task.status === "asked";
  const specification = readSpecification(control, task);
  const writer = writerOf(task, control);
  const body = pullRequestBody({
    ...ids,
    writer,
    bundleDigest: evidence.bundle.digest,
    specification,
    checks,
    provenness: bundle.entry("provenness", provennessSchema),
    verdicts: task.verdicts,
    risk: gate ?? { risk_score: null, score_kind: null, level: null, shares: [] },
    usage: task.runs.reduce((sum, { usage }) => addUsage(sum, usage), noUsage),
    used: sumUsage(control.log.views.charges.ofStreams([`task/${task.task_id}`]), control.budgets().prices),
    approvedBy: task.approval?.by ?? null,
    isDraft,
  });
  const passed = task.verdicts.filter(({ verdict }) => verdict === "pass").length;
  const how = isDraft
    ? host`waits for approval`
    : task.approval === null
      ? host`merged by the policy`
      : host`approved by a person`;
  const judges = hostText(counted(task.verdicts.length, "judge"));
  const summary = host`checks ${hostText(checks?.status ?? "unknown")}, ${passed} of ${judges} passed, ${how}`;
  return {
    title: commitSubjectOf(specification, repositoryCommits(task, control), task.reverts, writer),
    body,
    marker: pullRequestMarker({ ...ids, isDraft }),
    evidence: {
      bundleDigest: evidence.bundle.digest,
      title: summary,
      summary: body,
      state: isDraft ? "waiting" : "accepted",
    },
  };
}
