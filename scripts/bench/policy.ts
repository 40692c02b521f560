/** Benchmarks `aedev policy simulate` on a log of 1,000 missions, each with one decision that another policy would make otherwise. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandBody } from "../../packages/core/src/index.ts";
import { gated, life } from "../../packages/core/src/testing/index.ts";
import { loadPolicy } from "../../packages/daemon/src/configuration/load-policy.ts";
import { blobStore } from "../../packages/daemon/src/home/blobs.ts";
import { simulatePolicy } from "../../packages/daemon/src/reader/policy-trials.ts";
import { homeLayout } from "../../packages/host/src/home-layout.ts";
import { atMost, type Figure } from "./figure.ts";
import { writeEndedMissions } from "./growth/ended-missions.ts";

const missions = 1000;
const share = (factor: string, points: number) => ({ factor, points, count: 1, why: factor, missing: false });
const start = { factor: "start", points: -200, why: "the start", missing: false };

export async function benchPolicy(): Promise<Figure[]> {
  const home = mkdtempSync(join(tmpdir(), "aedev-policy-"));
  const story = life as Record<string, CommandBody>;
  const usual = story.gated;
  try {
    mkdirSync(homeLayout(home).blobs);
    const text = JSON.stringify(loadPolicy({ home }).policy);
    const { digest: policy_digest } = blobStore(home).put(text, "application/json");
    const shares = [
      start,
      share("tests_can_fail", -1000),
      share("judges_pass", -600),
      share("code_without_test", 1600),
    ];
    story.gated = gated("merge", { policy_digest, score_kind: "log-odds", risk_score: -200, shares });
    await writeEndedMissions(homeLayout(home).log, missions);
    const from = performance.now();
    const { different } = simulatePolicy({ home });
    const value = (performance.now() - from) / 1000;
    const detail = `${different.length} of ${missions} decisions differ`;
    return [atMost("policy simulate, 1,000 missions", { limit: 2, value, unit: " s", detail })];
  } finally {
    if (usual !== undefined) story.gated = usual;
    rmSync(home, { recursive: true, force: true });
  }
}
