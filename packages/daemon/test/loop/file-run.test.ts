/** How a run that leaves one file ends: once, whatever happens to planes and processes, with its use and a result that the log can keep. */
import { Fault, noUsage } from "@aedev/contracts";
import { expect, it, vi } from "vitest";
import { createRedactor } from "../../src/log/redact.ts";
import { doFileRun } from "../../src/loop/file-run.ts";
import { PlaneEnded } from "../../src/planes/plane.ts";

const order = { kind: "SetUpRepository", run_id: "r-dddddddddddddddd" };
const redactor = createRedactor();
const keepsWhole = (data: unknown) => redactor.event(data).data === data;
const duringWork = new PlaneEnded("the execution plane ended", { duringWork: true });
const away = new PlaneEnded("the execution plane is not running");

/** How a run ends. `perform`: what the plane does with the order. */
function ended({
  prepare = () => Promise.resolve(order),
  perform = () => Promise.reject(new Error("no plane was expected")),
  isCancelled = false,
  result = {},
  started = Promise.resolve(),
}: {
  started?: Promise<void>;
  prepare?: () => Promise<object>;
  perform?: () => Promise<object>;
  isCancelled?: boolean;
  result?: object;
}) {
  return doFileRun("w", {
    control: { log: { keepsWhole } } as never,
    planes: { perform, started } as never,
    prepare: prepare as never,
    isCancelled: () => isCancelled,
    read: () => Promise.resolve(result),
  });
}

/** How a run ends whose file is read as this result. */
async function endOf(result: object) {
  const report = { ...order, result: { outcome: "stopped", usage: { ...noUsage, requests: 2 }, journal: null } };
  const { result: recorded, usage } = await ended({ perform: () => Promise.resolve(report), result });
  return { recorded, usage };
}

it("a file's run waits for planes that are still starting", async () => {
  const { promise: started, resolve } = Promise.withResolvers<void>();
  let isStarted = false;
  const perform = () => (isStarted ? Promise.reject(new Fault("internal", "given out")) : Promise.reject(away));
  const end = ended({ perform, started });
  await new Promise((tick) => setImmediate(tick));
  isStarted = true;
  resolve();
  expect(await end).toMatchObject({ result: { outcome: "failed" } });
});

it("a file's run is interrupted if its plane ends before, and fails with the reason if the world or aedev itself does", async () => {
  const ends = (error: Error) => ended({ prepare: () => Promise.reject(error) });
  expect(await ends(away)).toMatchObject({ order: null, usage: noUsage, result: { outcome: "interrupted" } });
  expect(await ends(new Fault("HOLD-FETCH-FAILED", "the remote is gone"))).toMatchObject({
    usage: noUsage,
    result: { outcome: "failed", code: "HOLD-FETCH-FAILED", detail: "the remote is gone" },
  });
  const stderr = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  expect(await ends(new TypeError("a bug"))).toMatchObject({
    result: { outcome: "failed", detail: "internal: a bug" },
  });
  expect(stderr).toHaveBeenCalledOnce();
  stderr.mockRestore();
});

it("a file's run counts as having spent an unknown amount once the plane has its order, and nothing before", async () => {
  const interrupted = { order, result: { outcome: "interrupted" } };
  expect(await ended({ perform: () => Promise.reject(duringWork) })).toMatchObject({ ...interrupted, usage: null });
  expect(await ended({ perform: () => Promise.reject(away) })).toMatchObject({ ...interrupted, usage: noUsage });
});

it("a file's run that is cancelled during preparation sends no order and spends nothing", async () => {
  const perform = vi.fn(() => Promise.reject(duringWork));
  expect(await ended({ perform, isCancelled: true })).toMatchObject({
    ...{ order, usage: noUsage, result: { outcome: "failed", code: "stopped", detail: null } },
  });
  expect(perform).not.toHaveBeenCalled();
});

it.each([
  ["a package's name that looks like a key", { packages: ["sk-ant-aaaaaaaa"] }],
  [
    "a command that grows when its passwords are replaced",
    { verify: [`npm test ${"http://:a@localhost ".repeat(24)}`] },
  ],
])("a file's run fails as a secret if the log would change its result: %s", async (_what, proposal) => {
  expect(await endOf({ outcome: "proposed", proposal })).toMatchObject({
    recorded: { outcome: "failed", code: "secret", detail: null },
    usage: { requests: 2 },
  });
});

it("a failed file's run keeps the reason, without words that the log would change", async () => {
  const detail = "unable to access 'https://me:password@host/x.git/'";
  expect(await endOf({ outcome: "failed", code: "HOLD-FETCH-FAILED", detail })).toMatchObject({
    recorded: { outcome: "failed", code: "HOLD-FETCH-FAILED", detail: null },
  });
});

it.each(["npm test", "npx -y pnpm@9 install", "cd packages/@m/task-list && npx vitest run", "git clone git@host:a"])(
  "a file's run ends with its result if the log keeps that unchanged: %s",
  async (command) => {
    const result = { outcome: "proposed", proposal: { packages: ["bc"], verify: [command] } };
    expect(await endOf(result)).toMatchObject({ recorded: result, usage: { requests: 2 } });
  },
);
