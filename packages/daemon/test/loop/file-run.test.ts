/** A run that leaves one file ends with something that the log can keep, whatever the file says. */
import { noUsage } from "@aedev/contracts";
import { expect, it } from "vitest";
import { createRedactor } from "../../src/log/redact.ts";
import { doFileRun } from "../../src/loop/file-run.ts";

const order = { kind: "SetUpRepository", run_id: "r-dddddddddddddddd" };
const redactor = createRedactor();
const keepsWhole = (data: unknown) => redactor.event(data).data === data;

/** How the run ends whose file is read as this result. */
async function endOf(result: object) {
  const report = { ...order, result: { outcome: "stopped", usage: { ...noUsage, requests: 2 }, journal: null } };
  const { result: recorded, usage } = await doFileRun("w", {
    control: { log: { keepsWhole } } as never,
    planes: { perform: () => Promise.resolve(report) } as never,
    prepare: () => Promise.resolve(order as never),
    isCancelled: () => false,
    read: () => Promise.resolve(result),
  });
  return { recorded, usage };
}

it.each([
  ["a package's name that looks like a key", { packages: ["sk-ant-aaaaaaaa"] }],
  [
    "a command that grows when its passwords are replaced",
    { verify: [`npm test ${"http://:a@localhost ".repeat(24)}`] },
  ],
])("fails as a secret if the log would change what it left: %s", async (_what, proposal) => {
  expect(await endOf({ outcome: "proposed", proposal })).toMatchObject({
    recorded: { outcome: "failed", code: "secret", detail: null },
    usage: { requests: 2 },
  });
});

it("ends with what it left if the log keeps that as it is", async () => {
  const result = { outcome: "proposed", proposal: { packages: ["bc"], verify: ["npm test"] } };
  expect(await endOf(result)).toMatchObject({ recorded: result, usage: { requests: 2 } });
});
