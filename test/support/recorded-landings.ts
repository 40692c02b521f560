/** Records in a home whose daemon is down that a mission landed a commit on main, with all events of its life, as control writes them. */
import { decide } from "@aedev/core";
import { homeLayout } from "@aedev/host/home-layout";
import { makeCommand } from "../../packages/daemon/src/control/control.ts";
import { fetchBase } from "../../packages/daemon/src/git/mirror.ts";
import { blobStore } from "../../packages/daemon/src/home/blobs.ts";
import { signHead } from "../../packages/daemon/src/home/signed-head.ts";
import { openEventLog } from "../../packages/daemon/src/log/event-log.ts";
import { addSealedMission } from "./sealed-missions.ts";

let missions = 0;

/** Each call makes another mission; returns its task's id. */
export async function recordLanding(
  home: string,
  about: { readonly repository: string; readonly title: string; readonly commit: string },
): Promise<string> {
  missions += 1;
  await using log = await openEventLog({ path: homeLayout(home).log, decide });
  const { taskId } = await addSealedMission(
    {
      ...{ home, log, blobs: blobStore(home) },
      async submit(body) {
        const answer = await log.submit(makeCommand(body, "operator"));
        if (answer.kind === "refused") throw new Error(`${body.kind}: ${answer.reason}`);
      },
    },
    { number: missions, end: "landed", recordingBytes: 10, about },
  );
  signHead(home, log, new Date().toISOString());
  return taskId;
}

/** Fetches the remote's main into the home's mirror, as the daemon does. */
export async function fetchIntoMirror(home: string, repository: string, url: string): Promise<void> {
  await fetchBase({ home, repository, url, timeoutMs: 60_000 });
}
