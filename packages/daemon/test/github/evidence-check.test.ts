/** Withdraws the evidence check, once, beside another app's run. The server is a list of check runs that shows each app's newest. */
import { host } from "@aedev/contracts";
import { expect, it } from "vitest";
import type { GitHubAnswer } from "../../src/github/client.ts";
import type { GitHubConnection } from "../../src/github/connection.ts";
import { evidenceCheckName, reportEvidence, takeEvidenceBack } from "../../src/github/evidence-check.ts";

type Run = { id: number; app: string; external_id: string | null; status: string; conclusion: string | null };
const commit = "a".repeat(40);
const bundleDigest = "b".repeat(64);
const ok = (data: unknown): GitHubAnswer => ({ status: 200, headers: {}, data });

function checks(runs: Run[]) {
  const named = (run: Run) => ({ ...run, name: evidenceCheckName });
  const gitHub: GitHubConnection = {
    owner: "acme",
    name: "r",
    identity: "app",
    request: async (route, parameters = {}) => {
      if (route.startsWith("GET")) {
        const newest = new Map(runs.map((run) => [run.app, run]));
        return ok({ check_runs: [...newest.values()].map(named) });
      }
      const { conclusion = null, external_id, status, check_run_id: id } = parameters as Record<string, string | null>;
      const given = { conclusion, status: status ?? "" };
      if (route.startsWith("POST")) {
        const run = { id: runs.length + 1, app: "aedev", external_id: external_id ?? null, ...given };
        runs.push(run);
        return ok(named(run));
      }
      const run = runs.find((one) => one.id === Number(id));
      if (run?.app !== "aedev") return { status: 403, headers: {}, data: { message: "not yours" } };
      Object.assign(run, given, external_id === undefined ? {} : { external_id });
      return ok(named(run));
    },
  };
  return { gitHub, runs };
}

const accepted = { commit, bundleDigest, title: host`accepted`, summary: host``, state: "accepted" } as const;
const underWay = { commit, state: "under-way", title: host`another is made` } as const;
const foreign: Run = { id: 1, app: "other", external_id: null, status: "completed", conclusion: "success" };

it("aedev's check is withdrawn each time that it was accepted, and only then", async () => {
  const { gitHub, runs } = checks([]);
  await takeEvidenceBack(gitHub, underWay);
  expect(runs).toEqual([]);
  for (const count of [2, 4]) {
    await reportEvidence(gitHub, accepted);
    await takeEvidenceBack(gitHub, underWay);
    await takeEvidenceBack(gitHub, underWay);
    expect(runs).toHaveLength(count);
    expect(runs.at(-1)).toMatchObject({ status: "in_progress", conclusion: null });
  }
  await takeEvidenceBack(gitHub, { ...underWay, state: "withdrawn" });
  expect(runs.at(-1)).toMatchObject({ status: "completed", conclusion: "cancelled" });
});

it("the withdrawal is reported once beside another app's accepted check", async () => {
  const { gitHub, runs } = checks([foreign]);
  for (const state of ["under-way", "under-way", "withdrawn", "withdrawn"] as const)
    await takeEvidenceBack(gitHub, { ...underWay, state });
  expect(runs[0]).toBe(foreign);
  expect(runs.filter(({ app }) => app === "aedev")).toMatchObject([{ conclusion: null }, { conclusion: "cancelled" }]);
});
