/** Each kind of planted secret is found, and its innocent twin is not. Secrets are built at run time, so that this file contains none. */
import { describe, expect, it } from "vitest";
import { scanSecrets } from "../../../src/findings/secrets/secret-report.ts";

const random = ["qZ7Kp2vX", "w9LrT4mN", "sB8cYd3F"].join("");
const body = `MIIEpAIBAAKCAQEA${random}${random}`;
const dashes = "-".repeat(5);
const rulesIn = async (text: string, path = "src/a.js") =>
  (await scanSecrets({ files: [{ path, text }], patch: "" })).findings.map((finding) => finding.rule);

const planted: [kind: string, secret: string, innocent: string][] = [
  ["AWS", `k = "${["AKIA", "Q3EGRWX4HZ7LM2NP"].join("")}"`, `k = "${["AKIA", "IOSFODNN7EXAMPLE"].join("")}"`],
  ["GitHub", `k = "${["ghp", `${random}abcdefghijkl`].join("_")}"`, 'k = "ghp_short"'],
  ["GitHub fine-grained", `k = "${["github_pat", random + random].join("_")}"`, 'k = "github_pattern_of_names"'],
  [
    "Anthropic",
    `k = "${["sk-ant", "api03", random + random].join("-")}"`,
    'k = "sk-ant-api03-placeholder-key-of-docs"',
  ],
  ["Anthropic OAuth", `k = "${["sk-ant", "oat01", random + random].join("-")}"`, 'k = "sk-ant-oat01-placeholder"'],
  ["OpenAI", `k = "${["sk-proj", random + random].join("-")}"`, 'k = "sk-project-name-of-mine"'],
  [
    "PEM",
    `${dashes}BEGIN RSA PRIVATE KEY${dashes}\n${body}\n${dashes}END RSA PRIVATE KEY${dashes}`,
    `${dashes}BEGIN PUBLIC KEY${dashes}\n${body}\n${dashes}END PUBLIC KEY${dashes}`,
  ],
  ["PEM in a string", `"${dashes}BEGIN PRIVATE KEY${dashes}\\n${body}\\n"`, `"${dashes}BEGIN PRIVATE KEY${dashes}"`],
  ["JSON value", `{"api_key": "${random}"}`, '{"api_key": "your-api-key-here-1234"}'],
  [
    "JSON hex value",
    `{"client_secret":"${"9f86d081884c7d65"}${"9a2feaa0c55ad015"}"}`,
    '{"sha":"9f86d081884c7d659a2feaa0"}',
  ],
  ["YAML value", `db:\n  password: ${random}\n`, `db:\n  password: $${"{DB_PASSWORD_FROM_ENV}"}\n`],
  ["environment value", `SERVICE_TOKEN=${random}\n`, "SERVICE_TOKEN=$SERVICE_TOKEN_FROM_VAULT\n"],
  ["source value", `const apiKey = '${random}';`, "const apiKey = process.env.SERVICE_API_KEY_2;"],
  ["header", `set("x-api-key", "${random}")`, 'set("x-api-key", request.header)'],
  ["a service's name", `datadog_account: "${random.toLowerCase()}"`, 'datadog_account: "the-team-in-berlin"'],
  ["a service's UUID", 'HEROKU="3f2504e0-4f89-11d3-9a0c-0305e82c3301"', 'trace="3f2504e0-4f89-11d3-9a0c-0305e82c3301"'],
  [
    "a form of no known vendor",
    `use("${["acme", "live", `${random}ab1c2d3e4f`].join("_")}")`,
    'use("acme_live_configuration_of_everything")',
  ],
  ["a command line", `curl -u admin:${random} https://x.dev`, "curl -u admin:$PASSWORD https://x.dev"],
  ["an address", `url = "postgres://app:${random}@db/main"`, 'url = "postgres://app:password@db/main"'],
  [
    "a Kubernetes manifest",
    `kind: Secret\ndata:\n  cert: ${random}==\n`,
    `kind: ConfigMap\ndata:\n  cert: ${random}==\n`,
  ],
  [
    "a configured password",
    `<add key="Password" value="${random}" />`,
    '<add key="Password" value="%NUGET_PASSWORD%" />',
  ],
  ["bearer", `Authorization: Bearer ${random}\n`, "Authorization: Bearer <token>\n"],
];

describe("a planted secret", () => {
  for (const [kind, secret, innocent] of planted)
    it(`of the kind ${kind} is found, and its twin is not`, async () => {
      expect(await rulesIn(secret), secret).toHaveLength(1);
      expect(await rulesIn(innocent), innocent).toEqual([]);
    });
});

it("reports path, line and rule of a secret, never its value", async () => {
  const text = `one\ntwo\n{"api_key": "${random}"}\n`;
  const report = await scanSecrets({ files: [{ path: "a/b.json", text }], patch: "" });
  expect(report.findings).toEqual([{ path: "a/b.json", line: 3, rule: "secret-value" }]);
  expect(JSON.stringify(report)).not.toContain(random);
});

it("reports a key store by its file name", async () => {
  expect(await rulesIn("binary", "deploy/server.p12")).toEqual(["key-store"]);
  expect(await rulesIn("binary", "deploy/server.p12.md")).toEqual([]);
});

it("no comment in the text switches the scan off", async () => {
  const secret = `k = "${["ghp", `${random}abcdefghijkl`].join("_")}"`;
  expect(await rulesIn(`// secretlint-disable\n${secret} // secretlint-disable-line`)).toHaveLength(1);
});

it("reports no hashes, ids, token counts and names as secrets", async () => {
  for (const text of [
    '"integrity": "sha512-q1w2e3r4t5y6u7i8o9p0",\n"js-tokens": "^4.0.0"',
    '{"id": "3f2504e0-4f89-11d3-9a0c-0305e82c3301", "token_type": "bearer", "max_tokens": 1234567890123456}',
    'test("refreshes the token after 3 retries", () => expect(tokens2.length).toBe(4));',
    "secret: sha256-of-file-12345678",
    "import { x509CredentialOptions, tokenX509Source1 } from './credential-source-2.ts';",
  ])
    expect(await rulesIn(text), text).toEqual([]);
  expect(await rulesIn(`"node_modules/secret-token": "${random}"`, "package-lock.json")).toEqual([]);
  expect(await rulesIn(`"node_modules/secret-token": "${random}"`, "other.json")).toHaveLength(1);
});

it("reports random text, but no name of the same length that is a sentence", async () => {
  const sentence = "Unexpected_token_A_type_parameter_name_was_expected_without_curly_braces_1069";
  expect(await rulesIn(`"Token": "${sentence}"`)).toEqual([]);
  expect(await rulesIn(`"Unexpected_token_1012": "${sentence}"`)).toEqual([]);
  for (const value of [
    `${sentence}x7Q`,
    random,
    `Unexpected_token_A_${random}_was_expected`,
    sentence.replace("type", "tyP3"),
  ])
    expect(await rulesIn(`"Token": "${value}"`), value).toEqual(["secret-value"]);
});

it("reports private keys, but no keys that everybody may have", async () => {
  const hex = "d41d8cd98f00b204e9800998ecf8427e";
  for (const name of ["cacheKey", "cache_key", "publicKey", "PARTITION_KEY"])
    expect(await rulesIn(`const ${name} = '${hex}';`), name).toEqual([]);
  for (const name of ["privateKey", "storageKey", "cacheAccessKey", "publicApiKey"])
    expect(await rulesIn(`const ${name} = '${hex}';`), name).not.toEqual([]);
  const address = "0x6B175474E89094C44Da98b954EedeAC495271d0F";
  expect(await rulesIn(`const tokenAddress = '${address}';`)).toEqual([]);
  expect(await rulesIn(`const tokenAddress = '${address}${hex.slice(0, 24)}';`)).not.toEqual([]);
});

describe("the patch", () => {
  const patch = (lines: string[], counts = `-1,${lines.length} +1,${lines.length}`) =>
    ["diff --git a/a.js b/a.js", "--- a/a.js", "+++ b/a.js", `@@ ${counts} @@`, ...lines, ""].join("\n");
  const scan = async (text: string) => (await scanSecrets({ files: [], patch: text })).findings;
  it("scans a patch's added, removed and context lines, as a judge would read them", async () => {
    const secret = `const apiKey = '${random}';`;
    expect(await scan(patch([" one", `+${secret}`], "-1,1 +1,2"))).toEqual([
      { path: "a.js", line: 2, rule: "secret-value" },
    ]);
    expect(await scan(patch([" one", `-${secret}`], "-1,2 +1,1"))).toEqual([
      { path: "a.js", line: 2, rule: "secret-value" },
    ]);
    expect(await scan(patch([" one", ` ${secret}`, "+two"], "-7,2 +7,3"))).toEqual([
      { path: "a.js", line: 8, rule: "secret-value" },
    ]);
    expect(await scan(patch([" one", "+const apiKey = load();"], "-1,1 +1,2"))).toEqual([]);
  });
  it("finds a key that spans several lines of a patch", async () => {
    const lines = [`${dashes}BEGIN PRIVATE KEY${dashes}`, body.slice(0, 30), body.slice(30)];
    expect(
      await scan(
        patch(
          lines.map((line) => `+${line}`),
          "-0,0 +1,3",
        ),
      ),
    ).toHaveLength(1);
  });
  it("finds a secret after a forged hunk header of a patch", async () => {
    expect(await scan(patch([`+const apiKey = '${random}';`], "-1,0 +1,0"))).toHaveLength(1);
  });
});

it("does not report a secret that the file had before, unless the patch shows it", async () => {
  const text = `const apiKey = '${random}';\n`;
  const files = [{ path: "a.js", text: `${text}more\n`, before: text }];
  expect((await scanSecrets({ files, patch: "" })).findings).toEqual([]);
  expect((await scanSecrets({ files: [{ path: "a.js", text, before: "" }], patch: "" })).findings).toHaveLength(1);
});
