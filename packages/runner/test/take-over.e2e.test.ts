/** Runs and planes that end at different times: kill, restart, resume, clean-up and stop. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { progressText } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { isNight } from "../../../test/support/is-night.ts";
import { bash, containers, docker, model, place, plane, reportOf, usage } from "./coder-stand.ts";
import { coderWork, limits, token } from "./throw-away-home.ts";

describe("a plane that starts after another ended", () => {
  it.each(isNight ? (["socket", "exec"] as const) : (["socket"] as const))(
    "gives the sandbox every limit, no network and no credential, and takes the same container up by the %s link after the plane was killed",
    async (link) => {
      model.on(
        { hasToolResult: false },
        bash(
          "touch /workspace/repo/begun; sleep 6; id -u > /workspace/repo/who; cat /proc/net/dev | wc -l >> /workspace/repo/who",
        ),
      );
      model.on({ hasToolResult: true }, { content: "done", usage });
      const base = place.commit({ "a.txt": "1\n" });
      const work = coderWork(place, base);
      const first = await plane({ sandbox_link: link });
      first.send(work);
      await first.next("Progress", ({ progress }) => progressText(progress).includes("container"));
      await expect.poll(() => model.getRequests().length, { timeout: 30_000 }).toBe(1);
      const [listed] = await containers();
      const seen = await docker.getContainer(listed?.Id ?? "").inspect();
      expect(seen.Config.User).toEqual(
        process.getuid?.() === 0
          ? expect.stringMatching(/^21000\d{5}:21000\d{5}$/)
          : `${process.getuid?.()}:${process.getgid?.()}`,
      );
      expect(seen.Config.Labels).toMatchObject({ "aedev.task": work.task_id, "aedev.run": work.run_id });
      expect(seen.HostConfig).toMatchObject({
        NetworkMode: "none",
        CapDrop: ["ALL"],
        SecurityOpt: ["no-new-privileges", expect.stringContaining("seccomp={")],
        ReadonlyRootfs: true,
        Memory: limits.memory_bytes,
        MemorySwap: limits.memory_bytes,
        PidsLimit: limits.pids,
        NanoCpus: limits.cpu_millis * 1_000_000,
        Init: true,
        Privileged: false,
      });
      expect(seen.HostConfig.Ulimits).toContainEqual({
        Name: "fsize",
        Soft: limits.file_size_bytes,
        Hard: limits.file_size_bytes,
      });
      expect(JSON.stringify(seen)).not.toContain(token);
      expect(seen.Image).toMatch(/^sha256:/);
      const socketMount = seen.Mounts.find((mount) => mount.Destination === "/run/aedev");
      expect(socketMount?.RW).toBe(link === "socket" ? false : undefined);
      // The first answer has arrived completely, so it is not asked for again.
      const begun = join(place.home, "worktrees", work.run_id, work.run_id, "begun");
      await expect.poll(() => existsSync(begun), { timeout: 30_000 }).toBe(true);
      first.child.kill("SIGKILL");
      await new Promise((resolve) => first.child.once("exit", resolve));
      // The container keeps the link that it was made for, whatever the configuration says now.
      const second = await plane({ generation: 2, live_runs: [work.run_id], sandbox_link: "socket" });
      second.send({ ...work, generation: 2 });
      const { result, generation } = await reportOf(second, work.run_id);
      expect(generation).toBe(2);
      expect(result.outcome).toBe("captured");
      expect(result.usage.requests).toBe(2);
      const after = await containers();
      expect(after.map(({ Id }) => Id)).toEqual([listed?.Id]);
      if (result.outcome !== "captured") throw new Error("held");
      expect(Buffer.from(place.blobs.get(result.patch.digest)).toString()).toMatch(
        process.getuid?.() === 0 ? /^\+21000\d{5}$/m : /^\+\d+$/m,
      );
      const again = await plane({ generation: 3, live_runs: [work.run_id] });
      again.send({ ...work, generation: 3 });
      expect((await reportOf(again, work.run_id)).result).toEqual(result);
      expect(model.getRequests()).toHaveLength(2);
    },
  );

  it("reads the exit code of a container that died while no plane ran, and removes everything of runs that are not live", async () => {
    model.on({}, bash("echo half > /workspace/repo/half.txt; sleep 60"));
    const base = place.commit({ "a.txt": "1\n" });
    const [kept, lost] = [coderWork(place, base), coderWork(place, base)];
    const first = await plane();
    for (const work of [kept, lost]) first.send(work);
    await expect.poll(() => model.getRequests().length, { timeout: 30_000 }).toBe(2);
    await expect
      .poll(() => existsSync(join(place.home, "worktrees", lost.run_id, lost.run_id, "half.txt")), { timeout: 30_000 })
      .toBe(true);
    first.child.kill("SIGKILL");
    await new Promise((resolve) => first.child.once("exit", resolve));
    const before = await containers();
    expect(before).toHaveLength(2);
    const own = before.find(({ Labels }) => Labels["aedev.run"] === kept.run_id);
    await docker.getContainer(own?.Id ?? "").kill();
    const second = await plane({ generation: 2, live_runs: [kept.run_id] });
    expect((await containers()).map(({ Id }) => Id)).toEqual([own?.Id]);
    expect(existsSync(join(place.home, "worktrees", lost.run_id))).toBe(false);
    expect(existsSync(join(place.mirror, "worktrees", lost.run_id))).toBe(false);
    const saved = second.messages.find((message) => message.kind === "Salvaged" && message.run_id === lost.run_id);
    const digest = saved?.kind === "Salvaged" ? (saved.patch?.digest ?? "") : "";
    expect(Buffer.from(place.blobs.get(digest)).toString()).toContain("+half");
    second.send({ ...kept, generation: 2 });
    const { result } = await reportOf(second, kept.run_id);
    expect(result).toMatchObject({ outcome: "held", code: "HOLD-DOCKER-UNAVAILABLE", exit_code: 137 });
  });

  it("knows why an earlier plane ended a run, even if that plane died before reporting it and the container is gone", async () => {
    model.on({ hasToolResult: false }, bash("echo half > /workspace/repo/half.txt"));
    const limit = { error: { message: "limit", type: "rate_limit_error" }, status: 429, retryAfter: 600 };
    model.on({ hasToolResult: true }, limit);
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }));
    const first = await plane();
    first.send(work);
    const stage = join(place.home, "worktrees", work.run_id, "stage.json");
    const stageOf = () => (existsSync(stage) ? readFileSync(stage, "utf8") : "");
    await expect.poll(() => stageOf().includes('"ended"'), { timeout: 30_000, interval: 2 }).toBe(true);
    first.child.kill("SIGKILL");
    await new Promise((resolve) => first.child.once("exit", resolve));
    expect(stageOf()).toContain('"result":null');
    for (const { Id } of await containers()) await docker.getContainer(Id).remove({ force: true });
    const second = await plane({ generation: 2, live_runs: [work.run_id] });
    second.send({ ...work, generation: 2 });
    const { result } = await reportOf(second, work.run_id);
    expect(result).toMatchObject({ code: "HOLD-USAGE-LIMIT", resumes_at: expect.any(String), usage: { requests: 2 } });
    const digest = result.outcome === "held" ? (result.patch?.digest ?? "") : "";
    expect(Buffer.from(place.blobs.get(digest)).toString()).toContain("+half");
  });

  it("stops a run on order, keeps its files, and leaves nothing else of it", async () => {
    model.on({}, bash("echo half > /workspace/repo/half.txt; sleep 60"));
    const work = coderWork(place, place.commit({ "a.txt": "1\n" }));
    const execution = await plane();
    execution.send(work);
    const half = join(place.home, "worktrees", work.run_id, work.run_id, "half.txt");
    await expect.poll(() => existsSync(half), { timeout: 30_000 }).toBe(true);
    execution.tell({ kind: "StopRun", run_id: work.run_id });
    await expect.poll(async () => (await containers()).length, { timeout: 20_000 }).toBe(0);
    await expect.poll(() => existsSync(join(place.home, "worktrees", work.run_id))).toBe(false);
    // Its usage counts, and its place is free again for the control plane.
    const { result } = await reportOf(execution, work.run_id);
    expect(result).toMatchObject({ outcome: "held", detail: "stopped on order", retry_free: false });
    expect(result.usage.requests).toBeGreaterThan(0);
    expect(Buffer.from(place.blobs.get(result.patch?.digest ?? "")).toString()).toContain("+half");
  });

  it("starts even if the deletion of a dead run's folder was interrupted, and finishes it", async () => {
    const base = place.commit({ "a.txt": "1\n" });
    const work = coderWork(place, base);
    const root = join(place.home, "worktrees", work.run_id);
    mkdirSync(root, { recursive: true });
    const stage = {
      schema: 1,
      run_id: work.run_id,
      task_id: work.task_id,
      repository: "demo",
      base_commit: base,
      outputs: [],
      limits,
      generation: 1,
      stage: "running",
      container_id: "0".repeat(64),
      environment: null,
      result: null,
    };
    writeFileSync(join(root, "stage.json"), JSON.stringify(stage));
    const next = await plane({ generation: 2 });
    const said = await next.next("Progress", ({ run_id }) => run_id === work.run_id);
    expect(progressText(said.progress)).toContain("could not be kept");
    expect(existsSync(root)).toBe(false);
  }, 30_000);
});
