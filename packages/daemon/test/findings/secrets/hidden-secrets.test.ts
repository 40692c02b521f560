/** A secret hidden by colours, invisible characters, escapes, concatenation or Base64 is found at its place; a name in the same disguise is not. */
import { describe, expect, it } from "vitest";
import { scanSecrets } from "../../../src/findings/secrets/secret-report.ts";

const random = ["qZ7Kp2vX", "w9LrT4mN", "sB8cYd3F"].join("");
const token = ["ghp", `${random}J5hG1kQe9WuR`].join("_");
const name = "the_name_of_a_function_in_this_file_here";
const [head, tail] = [(text: string) => text.slice(0, 17), (text: string) => text.slice(17)];
const base64 = (text: string) => Buffer.from(text).toString("base64");
const findingsIn = async (text: string) =>
  (await scanSecrets({ files: [{ path: "a.txt", text: `first\n${text}\nlast\n` }], patch: "" })).findings;

const disguises: [kind: string, disguise: (value: string) => string][] = [
  ["terminal colours around it", (value) => `\u001b[31m${value}\u001b[0m`],
  ["terminal colours in it", (value) => `${head(value)}\u001b[1;31m${tail(value)}`],
  ["terminal colours written as escapes", (value) => `\\x1b[32m${head(value)}\\u001b[0m${tail(value)}`],
  ["a terminal title before it", (value) => `\u001b]0;title\u0007${value}`],
  ["zero-width characters in it", (value) => [...value].join("\u200b")],
  ["a soft hyphen in it", (value) => `${head(value)}\u00ad${tail(value)}`],
  ["a continued line", (value) => `${head(value)}\\\n    ${tail(value)}`],
  ["a continued line of PowerShell", (value) => `${head(value)}\`\n${tail(value)}`],
  ["concatenation", (value) => `"${head(value)}" + "${tail(value)}"`],
  ["concatenation over lines", (value) => `'${head(value)}' +\n  '${tail(value)}'`],
  ["concatenation of PHP", (value) => `'${head(value)}' . '${tail(value)}'`],
  ["adjacent literals", (value) => `("${head(value)}"\n  "${tail(value)}")`],
  ["percent-encoding", (value) => encodeURIComponent(value).replaceAll("_", "%5F")],
  ["an encoded character before it", (value) => `path%2F${value}`],
  ["escapes of a string", (value) => value.replaceAll("_", "\\u005f")],
  ["an escaped newline before it", (value) => `"first\\n${value}\\nlast"`],
  ["entities", (value) => value.replaceAll("_", "&#95;")],
  ["Base64", (value) => base64(`token=${value}`)],
  ["Base64 of UTF-16", (value) => Buffer.from(`echo ${value}`, "utf16le").toString("base64")],
  ["Base64 over lines", (value) => base64(`one line\n${value}\n${"more ".repeat(20)}`).replaceAll(/(.{40})/g, "$1\n")],
  ["Base64 of Base64", (value) => base64(base64(`token=${value}`))],
  ["Base64 that is concatenated", (value) => base64(`token=${value}`).replace(/^(.{20})/, '"$1" + "')],
];

describe("a token hidden by", () => {
  for (const [kind, disguise] of disguises)
    it(`${kind} is found, and a name hidden alike is not`, async () => {
      expect(await findingsIn(disguise(token)), disguise(token)).toEqual([
        { path: "a.txt", line: expect.any(Number), rule: expect.stringMatching(/^(github-token|token-form|github)$/) },
      ]);
      expect(await findingsIn(disguise(name)), disguise(name)).toEqual([]);
    });

  it("anything is reported on the line where its disguise starts", async () => {
    expect(await findingsIn(`${"\u001b[31mred\u001b[0m\n".repeat(4)}x\n"${head(token)}" + "${tail(token)}"`)).toEqual([
      { path: "a.txt", line: 7, rule: "github-token" },
    ]);
  });
});

const key = `MIIEpAIBAAKCAQEA${random}${random}${random}`;
const armour = (kind: string, marks: string) => `${marks}${kind} PRIVATE KEY${marks.trim()}`;
const begin = armour("BEGIN RSA", "-----");
const keys: [kind: string, secret: string, innocent: string][] = [
  ["odd lines", `${begin}\n${key.replaceAll(/(.{7})/g, "$1\n")}`, `${begin}\n(left out)\n-----END`],
  ["header lines", `${begin}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${key}`, `${begin}\nProc-Type: 4\n`],
  ["escaped newlines of JSON", `{"key":"${begin}\\n${key}\\n"}`, `{"key":"${begin}\\n…\\n"}`],
  ["newlines escaped twice", `"{\\"key\\":\\"${begin}\\\\n${key}\\\\n\\"}"`, `"{\\"key\\":\\"${begin}\\\\n\\"}"`],
  ["comment marks", `# ${begin}\n${key.replaceAll(/(.{12})/g, "# $1\n")}`, `# ${begin}\n# ...\n`],
  [
    "armour of PGP",
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\nVersion: 2\n\n${key}`,
    `-----BEGIN PGP PUBLIC KEY BLOCK-----\nVersion: 2\n\n${random}`,
  ],
  ["PuTTY", `Private-Lines: 14\n${random}${random}`, `Public-Lines: 6\n${random.replaceAll(/\d/g, "a")}`],
  [
    "a web key",
    `{"kty":"EC","crv":"P-256","x":"${random.toLowerCase()}","d":"${random}"}`,
    `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"}`,
  ],
  ["no armour", `key = "${key}${random}${random}"`, `key = "${random.toLowerCase().replaceAll(/\d/g, "")}"`],
  [
    "Docker's configuration",
    `{"auths":{"r.io":{"auth":"${base64(`app:${random}`)}"}}}`,
    '{"auth": "theregistrysownstore"}',
  ],
  ["netrc", `machine git.dev login app password ${random}`, "machine git.dev login app password <token>"],
  ["basic credentials", `-H "Basic ${base64(`app:${random}`)}"`, "Basic understanding of everything here"],
  ["a cluster's configuration", `    client-key-data: ${base64(random + random)}`, "    client-key-data: /etc/key.pem"],
];

describe("a key in", () => {
  for (const [kind, secret, innocent] of keys)
    it(`${kind} is found, and its innocent twin is not`, async () => {
      expect((await findingsIn(secret)).length, secret).toBeGreaterThan(0);
      expect(await findingsIn(innocent), innocent).toEqual([]);
    });
});
