/** A package registry that speaks npm's protocol on loopback, with packages that a test makes. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Registry } from "@aedev/contracts";

export interface PublishedVersion {
  readonly name: string;
  readonly version: string;
  /** Days since its release. */
  readonly days: number;
  readonly code: string;
  /** More of its package.json. */
  readonly manifest?: Readonly<Record<string, unknown>>;
}

export async function openPackageRegistry(published: readonly PublishedVersion[], now: Date) {
  const archives = new Map(published.map((one) => [`${one.name}@${one.version}`, archiveOf(one)]));
  const integrityOf = (name: string, version: string) =>
    `sha512-${createHash("sha512")
      .update(archives.get(`${name}@${version}`) ?? "")
      .digest("base64")}`;
  const server = createServer((request, response) => {
    const [, name = "", archive] = /^\/([\w-]+)(?:\/-\/[\w-]+-([\d.]+)\.tgz)?$/.exec(request.url ?? "") ?? [];
    const bytes = archives.get(`${name}@${archive}`);
    const versions = published.filter((one) => one.name === name);
    if (bytes !== undefined) {
      response.end(bytes);
      return;
    }
    if (versions.length === 0 || archive !== undefined) {
      response.writeHead(404).end("{}");
      return;
    }
    const released = (days: number) => new Date(now.getTime() - days * 86_400_000).toISOString();
    response.setHeader("content-type", "application/json");
    response.end(
      JSON.stringify({
        name,
        "dist-tags": { latest: versions.at(-1)?.version },
        time: Object.fromEntries(versions.map(({ version, days }) => [version, released(days)])),
        versions: Object.fromEntries(
          versions.map((one) => [
            one.version,
            {
              ...manifestOf(one),
              dist: {
                integrity: integrityOf(name, one.version),
                tarball: `${origin}/${name}/-/${name}-${one.version}.tgz`,
              },
            },
          ]),
        ),
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const registry: Registry = { host: "127.0.0.1", port, secure: false, private: true };
  return {
    origin,
    registry,
    integrityOf,
    /** The files of a project that asks for these versions exactly. `hashes`: instead of the registry's. */
    project(versions: Readonly<Record<string, string>>, hashes: Readonly<Record<string, string>> = {}) {
      const packages = Object.entries(versions).map(([name, version]) => [
        `node_modules/${name}`,
        { version, integrity: hashes[name] ?? integrityOf(name, version) },
      ]);
      const named = { name: "shop", version: "1.0.0", dependencies: versions };
      return {
        "package.json": `${JSON.stringify(named, null, 2)}\n`,
        "package-lock.json": `${JSON.stringify({ ...named, dependencies: undefined, lockfileVersion: 3, requires: true, packages: { "": named, ...Object.fromEntries(packages) } }, null, 2)}\n`,
      };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function manifestOf({ name, version, manifest }: PublishedVersion) {
  return { name, version, main: "index.js", license: "MIT", ...manifest };
}

function archiveOf(one: PublishedVersion): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "package-"));
  mkdirSync(join(folder, "package"));
  writeFileSync(join(folder, "package", "package.json"), JSON.stringify(manifestOf(one)));
  writeFileSync(join(folder, "package", "index.js"), one.code);
  const bytes = execFileSync("tar", ["-czf", "-", "-C", folder, "package"]);
  rmSync(folder, { recursive: true, force: true });
  return bytes;
}
