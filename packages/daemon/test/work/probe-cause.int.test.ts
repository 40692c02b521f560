/** Whether a hold's cause is over: a real remote that is away and comes back, and a real disk with and without enough space. */
import { mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { ids } from "@aedev/core/testing";
import { homeLayout } from "@aedev/host/home-layout";
import { expect, it } from "vitest";
import { bareRemote, git, gitText, temporaryFolder, timeoutMs } from "../../../../test/support/git-repositories.ts";
import { requireCauseGone } from "../../src/work/probe-cause.ts";

type Where = Parameters<typeof requireCauseGone>[1];

function home({ url = "", disk_free_bytes = 0 }: { url?: string; disk_free_bytes?: number }): Where {
  const folder = temporaryFolder();
  mkdirSync(homeLayout(folder).mirrors, { recursive: true });
  const state = {
    tasks: { [ids.task]: { task_id: ids.task, repository: "repo" } },
    repositories: { repo: { name: "repo", url } },
  };
  const control = {
    home: folder,
    mirror: (repository: string) => ({ home: folder, repository, timeoutMs }),
    configuration: { runLimits: { disk_free_bytes } },
  };
  return { state, control } as never;
}
const probe = (code: Parameters<typeof requireCauseGone>[0]["code"], where: Where) =>
  requireCauseGone({ code, task_id: ids.task as never }, where);
/** A fault that may pass, after which the loop probes again. */
const remains = (code: string) => ({ code, retry: true });

it("a remote's cause is over once it answers again, and not while it has no commit", async () => {
  const remote = bareRemote({ "a.txt": "a\n" });
  const where = home({ url: remote });
  const away = join(temporaryFolder(), "away.git");
  renameSync(remote, away);
  await expect(probe("HOLD-FETCH-FAILED", where)).rejects.toMatchObject(remains("HOLD-FETCH-FAILED"));
  renameSync(away, remote);
  await probe("HOLD-FETCH-FAILED", where);
  const empty = join(temporaryFolder(), "empty.git");
  git("/", ["init", "--quiet", "--bare", empty]);
  const probed = probe("HOLD-FETCH-FAILED", home({ url: empty }));
  await expect(probed).rejects.toMatchObject(remains("HOLD-FETCH-FAILED"));
});

it("the cause of a landing without a clear answer is over once its remote answers, and nothing is pushed", async () => {
  const remote = bareRemote({ "a.txt": "a\n" });
  const where = home({ url: remote });
  const before = gitText(remote, ["for-each-ref"]);
  const away = join(temporaryFolder(), "away.git");
  renameSync(remote, away);
  await expect(probe("HOLD-EXTERNAL-STATE-UNKNOWN", where)).rejects.toMatchObject(
    remains("HOLD-EXTERNAL-STATE-UNKNOWN"),
  );
  renameSync(away, remote);
  await probe("HOLD-EXTERNAL-STATE-UNKNOWN", where);
  expect(gitText(remote, ["for-each-ref"])).toBe(before);
});

it("a disk's cause is over with as much free space as a run needs", async () => {
  const full = home({ disk_free_bytes: Number.MAX_SAFE_INTEGER });
  await expect(probe("HOLD-DISK-LOW", full)).rejects.toMatchObject(remains("HOLD-DISK-LOW"));
  await probe("HOLD-DISK-LOW", home({ disk_free_bytes: 1 }));
});
