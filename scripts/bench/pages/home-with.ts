/** A home with many missions for the pages' benchmark: most of them landed, the newest wait for approval, and the evidence of each can be read. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { canonicalJson, specificationSchema } from "../../../packages/contracts/src/index.ts";
import { type Command, decide } from "../../../packages/core/src/index.ts";
import { blobStore } from "../../../packages/daemon/src/home/blobs.ts";
import { signHead } from "../../../packages/daemon/src/home/signed-head.ts";
import { openEventLog } from "../../../packages/daemon/src/log/event-log.ts";
import { Laboratory } from "../../../test/support/laboratory.ts";
import { missionCommands, writeEndedMissions } from "../growth/ended-missions.ts";

/** Missions that wait for a person. */
export const waiting = 25;
const patch = `diff --git a/lib/add.js b/lib/add.js
--- a/lib/add.js
+++ b/lib/add.js
@@ -1 +1 @@
-exports.add = (a, b) => Math.abs(a) + b;
+exports.add = (a, b) => a + b;
`;

/** Its daemon is not started, and starts no run: work is paused, and there is no engine. */
export async function homeWith(missions: number): Promise<Laboratory> {
  const laboratory = await Laboratory.open();
  laboratory.environment["DOCKER_HOST"] = "unix:///nonexistent/docker.sock";
  const { home } = laboratory;
  for (const name of ["aedev.db", "aedev.db-wal", "aedev.db-shm", "head.json"])
    rmSync(join(home, name), { force: true });
  const path = join(home, "aedev.db");
  const blobs = blobStore(home);
  const put = (value: unknown) => blobs.put(canonicalJson(value), "application/json").digest;
  const checks = {
    ...{ status: "green", newly_failing: [], vanished: [], fail_to_pass: ["adds"], pass_to_pass: 2, reasons: [] },
  };
  const entries = { checks: { digest: put(checks), size_bytes: 1, media_type: "application/json" } };
  const specification = specificationSchema.parse({
    ...{ schema: 1, mission_id: "m-0000000000000000", repository: "repo-0", title: "Close the hole" },
    ...{ text: "Close the hole", criteria: [{ id: "c1", text: "a test shows it closed" }] },
  });
  const digests: Readonly<Record<string, string>> = {
    ["5".repeat(64)]: put(specification),
    ["3".repeat(64)]: blobs.put(patch, "text/x-patch").digest,
  };
  const bundle = put({ schema: 1, parent: null, entries });
  const withBlobs = (text: string) => text.replace(/5{64}|3{64}|e[0-9a-f]{63}/g, (found) => digests[found] ?? bundle);
  await writeEndedMissions(path, missions - waiting, withBlobs);
  await using log = await openEventLog({ path, decide });
  for (let number = missions - waiting; number < missions; number += 1)
    for (const command of missionCommands(number, "submitted"))
      await log.submit(JSON.parse(withBlobs(JSON.stringify(command))) as Command);
  signHead(home, log, new Date().toISOString());
  return laboratory;
}
