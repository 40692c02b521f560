/** Which requests of the fetch step name a registry, and which spellings are refused. */
import type { Registry } from "@aedev/contracts";
import { describe, expect, it } from "vitest";
import { admitConnect, admitPlain } from "../../../src/prepare/registry/admission.ts";

const npm: Registry = { host: "registry.npmjs.org", port: 443, secure: true, private: false };
const mirror: Registry = { host: "mirror.example", port: 8080, secure: false, private: true };
const literal: Registry = { host: "[fd00::1]", port: 4873, secure: false, private: true };
const registries = [npm, mirror, literal];

describe("a request of the fetch step", () => {
  it.each(["registry.npmjs.org:443", "REGISTRY.npmjs.ORG:443"])("may tunnel to %s", (target) => {
    expect(admitConnect(target, registries)).toEqual({ kind: "admitted", registry: npm });
  });

  it.each([
    "registry.npmjs.org",
    "registry.npmjs.org:80",
    "registry.npmjs.org:8443",
    "registry.npmjs.org:0443x",
    "registry.npmjs.org.:443",
    "registry.npmjs.org\0.evil.example:443",
    "registry.npmjs.org%00.evil.example:443",
    "registry.npmjs.org:443@evil.example:443",
    "user@registry.npmjs.org:443",
    "user:word@registry.npmjs.org:443",
    "registry.npmjs.org:443/../evil.example:443",
    "registry.npmjs.org:443 evil.example:443",
    "registry.npmjs.org:443\r\nx: y",
    "evil.registry.npmjs.org:443",
    "registry.npmjs.org.evil.example:443",
    "regıstry.npmjs.org:443",
    "xn--regstry-q9a.npmjs.org:443",
    "registry。npmjs。org:443",
    "104.16.0.35:443",
    "[2606:4700::6810:23]:443",
    "[::ffff:127.0.0.1]:443",
    "2130706433:443",
    "0x7f.1:443",
    "127.0.0.1:443",
    "169.254.169.254:80",
    "localhost:443",
    "mirror.example:8080",
    "https://registry.npmjs.org:443",
    "",
    ":443",
  ])("may not tunnel to %j", (target) => {
    expect(admitConnect(target, registries)).toMatchObject({ kind: "refused" });
  });

  it("may ask a registry without TLS for a path, and nothing else", () => {
    const ask = (url: string, method = "GET") => admitPlain({ method, url }, registries);
    expect(ask("http://mirror.example:8080/left-pad?x=1")).toEqual({
      kind: "admitted",
      registry: mirror,
      path: "/left-pad?x=1",
    });
    expect(ask("http://[fd00::1]:4873/a")).toMatchObject({ kind: "admitted", registry: literal });
    expect(ask("http://mirror.example:8080")).toMatchObject({ kind: "admitted", path: "/" });
    for (const url of [
      "/left-pad",
      "http://mirror.example/left-pad",
      "http://mirror.example:8080@evil.example/",
      "http://evil.example/?http://mirror.example:8080/",
      "http://mirror.example:8080\\@evil.example/",
      "http://mirror.example:8080#@evil.example/",
      "http://mirror.example:8080/a b",
      "http://mirror.example:8080/\r\nx",
      "https://mirror.example:8080/",
      "http://registry.npmjs.org:443/",
      "http://registry.npmjs.org/",
      "http://169.254.169.254/latest/meta-data/",
      "ftp://mirror.example:8080/",
      "*",
    ])
      expect([url, ask(url).kind]).toEqual([url, "refused"]);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
      expect(ask("http://mirror.example:8080/a", method).kind).toBe("refused");
  });

  it("is described in short plain characters if it is refused", () => {
    const refused = admitConnect(`\u001b[31m${"x".repeat(1000)}`, registries);
    if (refused.kind !== "refused") throw new Error("admitted");
    expect(refused.reason).toMatch(/^[\x20-\x7e]{1,200}$/);
  });
});
