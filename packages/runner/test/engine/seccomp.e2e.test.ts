/** Each kind of container denies what its documented list says and allows the rest (SECURITY T34). The control: without a profile most of it is allowed. */
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runShell } from "../../src/engine/clean-container.ts";
import { answersOf, isDenied, probeCommand, probeSeccomp, seccompAttempts } from "../../src/engine/probe-seccomp.ts";
import { type SeccompKind, seccompKinds } from "../../src/engine/seccomp.ts";
import { imageReference, type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

let laboratory: Laboratory;
let imageId: string;
beforeAll(async () => {
  laboratory = openLaboratory();
  imageId = (await laboratory.context.docker.image(imageReference, "HOLD-TOOLCHAIN")).id;
});
afterAll(() => laboratory.close());

describe("the seccomp profile", () => {
  it.each(seccompKinds)("the profile of %s denies exactly the calls on its list", async (seccomp) => {
    const { tried, denied } = await probeSeccomp({ seccomp, imageId, limits }, laboratory.context);
    for (const { attempt } of tried)
      console.log(`${seccomp}: ${denied.has(attempt) ? "denied " : "allowed"} ${attempt}`);
    expect(tried.length).toBeGreaterThan(90);
    expect([...denied]).toEqual(tried.filter((attempt) => isDenied(attempt, seccomp)).map(({ attempt }) => attempt));
  });

  it("is what denies the calls: without a profile, the same probe may make most of them", () => {
    const [perl, ...args] = probeCommand(seccompAttempts());
    const plain = ["--rm", "--network=none", "--cap-drop=ALL", "--user=1000:1000", "--security-opt=no-new-privileges"];
    const text = execFileSync(
      "docker",
      ["run", ...plain, "--security-opt=seccomp=unconfined", `--entrypoint=${perl}`, imageId, ...args],
      { encoding: "utf8" },
    );
    const { tried, denied } = answersOf(text, seccompAttempts());
    const byUs = tried.filter((attempt) => isDenied(attempt, "coder") && !denied.has(attempt.attempt));
    console.log(`denied by the profile alone: ${byUs.map(({ attempt }) => attempt).join(", ")}`);
    expect(byUs.length).toBeGreaterThan(30);
    for (const name of ["AF_VSOCK socket", "ptrace", "unshare into a new user namespace", "kcmp", "memfd_secret"])
      expect(byUs.map(({ attempt }) => attempt)).toContain(name);
  });

  it("leaves what programs need (interfaces, threads, loopback, pipes), but a fetch step sees no interfaces", async () => {
    const run = async (seccomp: SeccompKind, code: string) =>
      runShell(
        {
          command: `exec node -e ${JSON.stringify(code)}`,
          imageId,
          environment: {},
          mounts: [],
          workingFolder: "/",
          seccomp,
          limits,
          timeoutMs: 30_000,
          labels: {},
        },
        laboratory.context,
      );
    const interfaces = "console.log(Object.keys(require('os').networkInterfaces()).join())";
    for (const kind of ["coder", "checks", "traced"] as const)
      expect(await run(kind, interfaces)).toMatchObject({ exitCode: 0, output: expect.stringContaining("lo") });
    expect((await run("fetch", interfaces)).exitCode).not.toBe(0);
    const loopback =
      "const net = require('net'); const worker = new (require('worker_threads').Worker)('1', { eval: true }); " +
      "worker.on('exit', () => net.createServer((one) => one.end('served')).listen(0, '127.0.0.1', function () { " +
      "net.connect(this.address().port, '127.0.0.1').on('data', (bytes) => { console.log(bytes + require('child_process').execSync('echo piped | cat')); process.exit(0); }); }))";
    for (const kind of seccompKinds)
      expect(await run(kind, loopback)).toMatchObject({ exitCode: 0, output: expect.stringMatching(/served.*piped/s) });
  });
});
