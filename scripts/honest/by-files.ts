/** The gate's answer to one honest commit because of its files alone: changes of tests, new dependencies, protected paths. No container runs. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { reasonText } from "@aedev/contracts";
import { neverAloneAsks } from "../../packages/core/src/gate/ask-reasons.ts";
import { testAsks, testHolds } from "../../packages/core/src/gate/test-rules.ts";
import { loadPolicy } from "../../packages/daemon/src/configuration/load-policy.ts";
import { deriveFindings } from "../../packages/daemon/src/findings/derive-findings.ts";
import { mirrorDirectory } from "../../packages/daemon/src/git/bare-repository.ts";
import { deriveChange } from "../../packages/daemon/src/git/change.ts";
import { readBlobs } from "../../packages/daemon/src/git/mirror.ts";
import { type Clone, type HonestCommit, patchOf } from "./history.ts";
import type { Measured } from "./measure.ts";
import { proposedSettings } from "./settings.ts";

const timeoutMs = 60_000;

export async function judgeByFiles(clone: Clone, honest: Omit<HonestCommit, "paths">): Promise<Measured> {
  const home = mkdtempSync(join(tmpdir(), "honest-"));
  try {
    const mirror = { home, repository: "honest", timeoutMs };
    mkdirSync(dirname(mirrorDirectory(mirror)), { recursive: true });
    symlinkSync(clone.gitDir, mirrorDirectory(mirror));
    const { commit, parent, subject } = honest;
    const [settings] = await proposedSettings(clone, parent);
    const { tests, verify, build } = settings ?? { tests: [], verify: [], build: null };
    const patch = await patchOf(clone, honest);
    const { pathReport, testChanges } = await deriveFindings({
      change: await deriveChange({ ...mirror, baseCommit: parent, patch }),
      ...{ patch, tests, verify, build },
      policy: loadPolicy({ home }).policy,
      readUnchanged: (paths) => readBlobs({ ...mirror, commit: parent, paths }),
    });
    const specification = { text: subject, criteria: [], instructions: [] };
    const evidence = { testChanges, pathReport, checks: null, specification };
    const held = testHolds(evidence);
    const asked = [...neverAloneAsks(evidence), ...testAsks(evidence)];
    const facts = [...held, ...asked];
    return {
      ...{ repository: clone.name, commit, subject },
      ...{ functions: null, tests: null, coverage: null, variants: null },
      outcome: held.length > 0 ? "held" : asked.length > 0 ? "asked" : "clear",
      reasons: [
        ...new Set(facts.map((fact) => (fact.kind === "test-finding" ? `${fact.kind}: ${fact.finding}` : fact.kind))),
      ],
      sentences: facts.map((fact) => reasonText(fact)),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
