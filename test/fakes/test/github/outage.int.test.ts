/** The address of the fake GitHub: closed and reopened, with TLS, and with clients that leave in the middle. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openLaboratory, place, tokens } from "./support/laboratory.ts";

it("a stopped server refuses connections, and remembers everything when it starts again", async () => {
  await using lab = await openLaboratory();
  const { pulls } = lab.octokit(tokens.bob).rest;
  await lab.github
    .repository("acme/shop")
    .as("bob")
    .push({ branch: "side", files: { "s.txt": "s" } });
  const { data } = await pulls.create({ ...place, head: "side", base: "main", title: "t" });
  await lab.github.stop();
  await expect(pulls.get({ ...place, pull_number: data.number })).rejects.toThrow();
  expect((await lab.git(lab.folder, "ls-remote", lab.remote(tokens.bob))).stderr).toMatch(
    /Failed to connect|Couldn't connect/,
  );
  await lab.github.start();
  expect((await pulls.get({ ...place, pull_number: data.number })).data.title).toBe("t");
  expect(await lab.git(lab.folder, "ls-remote", lab.remote(tokens.bob))).toMatchObject({ code: 0 });
});

it("a client that leaves in the middle of a fetch does not harm the server", async () => {
  await using lab = await openLaboratory();
  const large = randomBytes(6 * 1024 * 1024).toString("base64");
  await lab.github
    .repository("acme/shop")
    .as("bob")
    .push({ branch: "large", files: { "large.txt": large } });
  const abort = new AbortController();
  const tip = await lab.github.repository("acme/shop").tip("large");
  const body = `0032want ${tip}\n00000009done\n`;
  const headers = { "content-type": "application/x-git-upload-pack-request" };
  const address = `${lab.github.origin}/acme/shop.git/git-upload-pack`;
  const response = await fetch(address, { method: "POST", body, headers, signal: abort.signal });
  expect(response.status).toBe(200);
  await response.body?.getReader().read();
  abort.abort();
  const cloned = await lab.git(lab.folder, "clone", "--quiet", "-b", "large", lab.remote(tokens.bob), "whole");
  expect(cloned).toMatchObject({ code: 0 });
  expect(readFileSync(join(lab.folder, "whole", "large.txt"), "utf8")).toBe(large);
});

it("with a certificate, git and REST are served over TLS, and a client that does not trust it refuses", async () => {
  const folder = mkdtempSync(join(tmpdir(), "fake-github-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, ...subject], {
    stdio: "ignore",
  });
  const tls = { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") };
  await using lab = await openLaboratory({ tls });
  expect(lab.github.origin).toMatch(/^https:/);
  const list = (...options: string[]) => lab.git(lab.folder, ...options, "ls-remote", lab.remote(tokens.bob));
  expect((await list()).stderr).toContain("certificate");
  expect(await list("-c", `http.sslCAInfo=${cert}`)).toMatchObject({ code: 0 });
  const status = (ca: string | undefined) =>
    new Promise((resolve, reject) => {
      const options = ca === undefined ? {} : { ca };
      request(`${lab.github.apiUrl}/repos/acme/shop`, { ...options, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .once("error", reject)
        .end();
    });
  expect(await status(tls.cert)).toBe(200);
  await expect(status(undefined)).rejects.toThrow();
  rmSync(folder, { recursive: true });
});
