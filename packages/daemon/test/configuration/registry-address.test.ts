/** Which registries the operator can name, and how, and that a repository can't name any. */
import { join } from "node:path";
import { repositoryOverlaySchema } from "@aedev/core";
import { productRoot } from "@aedev/host/product";
import { describe, expect, it } from "vitest";
import { loadConfiguration } from "../../src/configuration/load-configuration.ts";

const load = (operatorText: string) =>
  loadConfiguration({ home: join(productRoot, "no-such-home"), environment: {}, operatorText }).prepare.registries;
const named = (item: string) => load(`prepare:\n  registries:\n    - ${item}\n`);

describe("the registries of the fetch step", () => {
  it("the shipped registries are the public ones, all with TLS and none private", () => {
    const shipped = load("");
    expect(shipped.map(({ host }) => host)).toEqual(
      expect.arrayContaining(["registry.npmjs.org", "pypi.org", "proxy.golang.org", "static.crates.io"]),
    );
    expect(shipped.every((registry) => registry.secure && !registry.private && registry.port === 443)).toBe(true);
  });

  it.each([
    ["https://npm.example.org", { host: "npm.example.org", port: 443, secure: true, private: false }],
    ["https://NPM.example.org:8443/", { host: "npm.example.org", port: 8443, secure: true, private: false }],
    [
      '{origin: "https://npm.example.org", private: true}',
      { host: "npm.example.org", port: 443, secure: true, private: true },
    ],
    [
      '{origin: "http://127.0.0.1:4873", private: true}',
      { host: "127.0.0.1", port: 4873, secure: false, private: true },
    ],
    ['{origin: "http://[::1]:4873", private: true}', { host: "[::1]", port: 4873, secure: false, private: true }],
  ])("the operator can replace the registries: %s", (item, registry) => {
    expect(named(item)).toEqual([registry]);
  });

  it.each([
    "http://npm.example.org",
    '{origin: "http://npm.example.org", private: false}',
    '{origin: "https://npm.example.org", private: true, other: 1}',
    "https://npm.example.org/path",
    "https://user:word@npm.example.org",
    "https://npm.example.org.",
    "https://npm.example.org?x",
    "ftp://npm.example.org",
    "npm.example.org",
    '"https://*.example.org"',
    '""',
    "7",
  ])("a registry that is more or less than an origin is refused: %s", (item) => {
    expect(() => named(item)).toThrow(/prepare\.registries/);
  });

  it("a repository can't name a registry", () => {
    expect(repositoryOverlaySchema.safeParse({ prepare: "npm ci" }).success).toBe(true);
    for (const overlay of [{ registries: ["https://evil.example"] }, { prepare: { registries: [] } }])
      expect(repositoryOverlaySchema.safeParse(overlay).success).toBe(false);
  });
});
