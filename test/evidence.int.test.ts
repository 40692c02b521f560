/** Evidence on the command line: exported from a home, verified on a machine without one, and refused with the part's name if a byte was changed. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSignedHome, type SignedHome } from "../packages/daemon/test/evidence/signed-home.ts";

const program = fileURLToPath(new URL("../bin/aedev", import.meta.url));
const taskId = "t-aaaaaaaaaaaaaaaa";
let signed: SignedHome;
let file: string;

async function aedev(home: string, ...args: string[]) {
  const environment = { PATH: process.env.PATH, HOME: "/nonexistent", AEDEV_HOME: home };
  return execa(program, args, { env: environment, extendEnv: false, reject: false, cwd: signed.home });
}
const anywhere = (...args: string[]) => aedev("/nonexistent", "evidence", "verify", ...args);

beforeAll(async () => {
  signed = await openSignedHome();
  file = join(signed.home, "evidence.json");
});
afterAll(() => signed.close());

describe("evidence on the command line", () => {
  it("can be exported and verified with the daemon down, in the home and on a machine without one", async () => {
    expect(await aedev(signed.home, "evidence", "export", taskId)).toMatchObject({ exitCode: 1, stdout: "" });
    await signed.seal();
    await signed.decide();
    const exported = await aedev(signed.home, "evidence", "export", taskId, "--output", file);
    expect(exported).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("next: aedev evidence verify") });
    expect((await aedev(signed.home, "evidence", "export", taskId)).stdout).toBe(readFileSync(file, "utf8").trimEnd());
    const fingerprint = /signed by the key ([0-9a-f]{64})/.exec(exported.stdout)?.[1];

    const stranger = await anywhere(file);
    expect(stranger).toMatchObject({ exitCode: 0, stderr: "" });
    expect(stranger.stdout).toContain(
      `compare its fingerprint with the one the sender gives you:\n     ${fingerprint}`,
    );
    expect(stranger.stdout).toContain("decided: ");
    const given = await anywhere(file, "--key", join(signed.home, "keys/evidence.pub"), "--json");
    expect(JSON.parse(given.stdout)).toMatchObject({ ok: true, key: { source: "given", fingerprint } });
    const own = await aedev(signed.home, "evidence", "verify", taskId);
    expect(own).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("ok      log: ") });
    const doctor = await aedev(signed.home, "doctor");
    expect(doctor.stdout).toContain(`fingerprint ${fingerprint}`);
  });

  it("is refused by exit code, with the part that was changed", async () => {
    const bytes = readFileSync(file);
    const changed = join(signed.home, "changed.json");
    for (const part of ["blobs", "decision", "evidence", "manifest", "public_key"]) {
      const mutant = Buffer.from(bytes);
      const at = bytes.indexOf(`"${part}":`) + part.length + 40;
      mutant[at] = mutant[at] === 0x61 ? 0x62 : 0x61;
      writeFileSync(changed, mutant);
      const refused = await anywhere(changed);
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toMatch(new RegExp(`the evidence is not valid: (${part}|blob [a-z-]+): `));
      if (part !== "decision") continue;
      const json = await anywhere(changed, "--json");
      expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, problem: { part } });
    }
    expect((await anywhere(file)).exitCode).toBe(0);
  });

  it("is signed so that another tool can check it without aedev", async () => {
    const { evidence, decision, public_key } = JSON.parse(readFileSync(file, "utf8"));
    const at = (name: string) => join(signed.home, name);
    writeFileSync(at("key.der"), Buffer.from(public_key, "base64"));
    const check = (payload: Buffer, sig: string) => {
      const type = "application/vnd.in-toto+json";
      writeFileSync(
        at("pae"),
        Buffer.concat([Buffer.from(`DSSEv1 ${type.length} ${type} ${payload.length} `), payload]),
      );
      writeFileSync(at("sig"), Buffer.from(sig, "base64"));
      const key = ["-pubin", "-inkey", at("key.der"), "-keyform", "DER"];
      return execa("openssl", ["pkeyutl", "-verify", ...key, "-rawin", "-in", at("pae"), "-sigfile", at("sig")], {
        reject: false,
      });
    };
    for (const { payload, signatures } of [evidence, decision]) {
      const bytes = Buffer.from(payload, "base64");
      expect((await check(bytes, signatures[0].sig)).exitCode).toBe(0);
      const statement = JSON.parse(bytes.toString());
      expect(statement).toMatchObject({
        _type: "https://in-toto.io/Statement/v1",
        subject: [{ name: "bundle" }, { name: "tree" }, { name: "patch" }],
      });
      bytes[20] = (bytes[20] ?? 0) ^ 1;
      expect((await check(bytes, signatures[0].sig)).exitCode).not.toBe(0);
    }
  });

  it("is reported missing where a file, a key, a home or a task is missing", async () => {
    expect(await anywhere("no-such.json")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("can't be read"),
    });
    expect(await anywhere(file, "--key", file)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("not a public key"),
    });
    expect(await anywhere(taskId)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("no aedev home") });
    expect(await aedev(signed.home, "evidence", "verify", "t-bbbbbbbbbbbbbbbb")).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("there is no task"),
    });
  });
});
