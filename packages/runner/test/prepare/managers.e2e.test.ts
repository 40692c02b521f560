/**
 * Package managers with the fetch step's only way out: yarn and pnpm from npm's registry, pip and go from the test's own registries, on an address of this
 * machine that the operator named. Each failure names the registry if it is not configured.
 */
import { mkdtempSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import type { RepositorySettings } from "@aedev/contracts";
import { execa, execaSync } from "execa";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageWith } from "../../../../test/support/image-with.ts";
import { ensurePrepared } from "../../src/prepare/prepare.ts";
import { type Laboratory, limits, openLaboratory } from "../checks/laboratory.ts";

/** A wheel and a module's archive, in one JSON of Base64. */
const archives = `
import base64, io, json, zipfile
def archive(files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in files.items(): packed.writestr(name, text)
    return base64.b64encode(out.getvalue()).decode()
info = "greeter-1.0.0.dist-info/"
print(json.dumps({
    "wheel": archive({"greeter.py": "WORD = 'hello'\\n", info + "METADATA": "Metadata-Version: 2.1\\nName: greeter\\nVersion: 1.0.0\\n",
        info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        info + "RECORD": "greeter.py,,\\n" + info + "METADATA,,\\n" + info + "WHEEL,,\\n" + info + "RECORD,,\\n"}),
    "module": archive({"example.org/greeter@v1.0.0/go.mod": "module example.org/greeter\\n", "example.org/greeter@v1.0.0/greeter.go": "package greeter\\n\\nconst Word = 1\\n"}),
}))`;
const wheelName = "greeter-1.0.0-py3-none-any.whl";

let laboratory: Laboratory;
let imageId: string;
let base: string;
let registry: Server;
let address: string;
const asked: string[] = [];

beforeAll(async () => {
  laboratory = openLaboratory();
  const tag = await imageWith("managers", ["golang-go", "python3-pip"]);
  if (tag === null) throw new Error("the image with pip and Go can't be made: Debian's packages don't answer");
  imageId = (await laboratory.context.docker.image(tag, "HOLD-TOOLCHAIN")).id;
  const made = await execa("docker", [
    "run",
    "--rm",
    "--network",
    "none",
    "--entrypoint",
    "python3",
    tag,
    "-c",
    archives,
  ]);
  const { wheel, module } = JSON.parse(made.stdout) as { wheel: string; module: string };
  const at = "/go/example.org/greeter/@v/";
  const files: Record<string, string | Buffer> = {
    "/simple/greeter/": `<a href="/${wheelName}">${wheelName}</a>`,
    [`/${wheelName}`]: Buffer.from(wheel, "base64"),
    [`${at}list`]: "v1.0.0\n",
    [`${at}v1.0.0.info`]: '{"Version":"v1.0.0"}',
    [`${at}v1.0.0.mod`]: "module example.org/greeter\n",
    [`${at}v1.0.0.zip`]: Buffer.from(module, "base64"),
  };
  registry = createServer((incoming, outgoing) => {
    asked.push(incoming.url ?? "");
    const content = files[incoming.url ?? ""];
    if (content === undefined) outgoing.writeHead(404).end();
    else
      outgoing
        .writeHead(200, { "content-type": typeof content === "string" ? "text/html" : "application/zip" })
        .end(content);
  });
  // Go uses no proxy for a loopback address.
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const host = own.find(({ family, internal }) => family === "IPv4" && !internal)?.address ?? "";
  await new Promise<void>((resolve) => registry.listen(0, host, resolve));
  const place = registry.address();
  const port = typeof place === "object" && place !== null ? place.port : 0;
  address = `http://${host}:${port}`;
  const registries = [...laboratory.context.registries, { host, port, secure: false, private: true }];
  laboratory.context = { ...laboratory.context, registries };
  base = laboratory.repository("app", {
    "package.json": JSON.stringify({ name: "app", version: "1.0.0", dependencies: { "left-pad": "1.3.0" } }),
    "go.mod": "module example.com/app\n\ngo 1.18\n\nrequire example.org/greeter v1.0.0\n",
  });
}, 900_000);
afterAll(() => {
  registry.close();
  laboratory.close();
});

function prepare(prepare: string, outputs: readonly string[]) {
  const settings: RepositorySettings = {
    ...{ prepare, build: null, inputs: [], outputs: [...outputs] },
    ...{ verify: [], tests: [], image: null },
  };
  const labels = { "aedev.run": "r-abcdefghijklmnop" };
  return ensurePrepared({ repository: "app", baseCommit: base, settings, limits, imageId, labels }, laboratory.context);
}
function unpacked(archivePath: string | null, path: string): string {
  const folder = mkdtempSync(join(laboratory.home, "unpack-"));
  execaSync("tar", ["-xf", archivePath ?? "", "-C", folder]);
  return readFileSync(join(folder, path), "utf8");
}

const npm = "--registry https://registry.npmjs.org";
const elsewhere = "http://192.0.2.7:8080";
const managers: readonly { name: string; command(at: string): string; output: string; path: string; text: string }[] = [
  {
    name: "yarn",
    command: (at) =>
      `npx --yes yarn@1.22.22 install --no-lockfile --non-interactive --registry ${at === address ? "https://registry.npmjs.org" : at}`,
    ...{ output: "node_modules", path: "node_modules/left-pad/package.json", text: '"1.3.0"' },
  },
  {
    name: "pnpm",
    command: (at) =>
      `npx --yes pnpm@10.20.0 install --no-lockfile --node-linker=hoisted ${at === address ? npm : `--registry ${at} --fetch-retries=0`}`,
    ...{ output: "node_modules", path: "node_modules/left-pad/package.json", text: '"1.3.0"' },
  },
  {
    name: "pip",
    command: (at) =>
      `python3 -m pip install --disable-pip-version-check --retries 0 --target packages --index-url ${at}/simple --trusted-host ${URL.parse(at)?.hostname} greeter`,
    ...{ output: "packages", path: "packages/greeter.py", text: "hello" },
  },
  {
    name: "go",
    command: (at) => `GOFLAGS=-modcacherw GONOSUMDB='*' GOPROXY=${at}/go GOMODCACHE=$PWD/modules go mod download all`,
    ...{ output: "modules", path: "modules/example.org/greeter@v1.0.0/greeter.go", text: "const Word = 1" },
  },
];

describe.each(managers)("$name", ({ command, output, path, text }) => {
  it("fetches from a configured registry, and names the host that it was refused", async () => {
    const before = asked.length;
    const { archivePath } = await prepare(command(address), [output]);
    expect(unpacked(archivePath, path)).toContain(text);
    if (!command("").includes("npx")) expect(asked.length).toBeGreaterThan(before);
    await expect(prepare(command(elsewhere), [output])).rejects.toMatchObject({
      code: "HOLD-PREPARE-FAILED",
      detail: expect.stringMatching(/192\.0\.2\.7:8080.* is not one of the configured registries/),
    });
  });
});
