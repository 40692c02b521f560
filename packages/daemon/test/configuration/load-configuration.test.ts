/** The shipped configuration, the operator's file over it, the environment over both, and how each wrong key is named. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Fault, gatewayLimitsSchema, runLimitsSchema } from "@aedev/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configuredFamilies } from "../../src/configuration/configured-families.ts";
import { loadConfiguration } from "../../src/configuration/load-configuration.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "aedev-configuration-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const load = (environment: Record<string, string> = {}) => loadConfiguration({ home, environment });
function faultOf(load: () => unknown): Fault {
  try {
    load();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

describe("the shipped file", () => {
  it("the shipped file converts limits to whole numbers and allows no writes to a remote", () => {
    const configuration = load();
    expect(runLimitsSchema.parse(configuration.runLimits)).toMatchObject({
      run_timeout_ms: 2_700_000,
      memory_bytes: 2 * 1024 ** 3,
      cpu_millis: 2000,
    });
    expect(gatewayLimitsSchema.parse(configuration.gatewayLimits)).toMatchObject({ requests_in_flight: 4 });
    expect(configuration.system).toMatchObject({ allow_remote_writes: false, port: 7247 });
    expect(configuration.auth.allow_api_key).toBe(false);
    expect(configuration.addresses).toMatchObject({
      anthropic: "https://api.anthropic.com",
      openai: null,
      gemini: null,
    });
    expect(configuration.landing.git_timeout_ms).toBe(120_000);
    expect(configuration.github).toEqual({
      url: "https://github.com",
      apiUrl: "https://api.github.com",
      appId: null,
      mergeMethod: null,
      reviewInstructions: true,
      labels: [],
      pollMs: 30_000,
      waitMs: 86_400_000,
      timeoutMs: 30_000,
      webhookPort: null,
    });
  });
});

describe("the operator's config.yaml", () => {
  it("the operator's file changes the keys that it names and leaves the rest", () => {
    writeFileSync(join(home, "config.yaml"), "limits:\n  cpus: 1.5\n  run_timeout: 90s\n");
    expect(load().runLimits).toMatchObject({ cpu_millis: 1500, run_timeout_ms: 90_000, pids: 512 });
  });
  it("the operator's file can set hours of the day and where messages go", () => {
    const text = "limits: {run_window: '22:30-06:00'}\nnotifications: {topic: mine, timeout: 10m, fold_for: 1d}\n";
    writeFileSync(join(home, "config.yaml"), text);
    const { schedule, notifications } = load();
    expect(schedule.runWindow).toEqual({ from: 1350, to: 360 });
    expect(notifications).toMatchObject({ topic: "mine", timeoutMs: 600_000, foldForMs: 86_400_000, replyTopic: null });
  });
  it("another GitHub is named as an origin; no path and no plain address may widen its credential", () => {
    const withGitHub = (text: string) => {
      writeFileSync(join(home, "config.yaml"), `github:\n  ${text}\n`);
      return load();
    };
    const own = withGitHub("url: https://Git.Example/\n  api_url: https://git.example/api/v3/\n  merge_method: squash");
    expect(own.github).toMatchObject({ url: "https://git.example", apiUrl: "https://git.example/api/v3" });
    expect(own.github.mergeMethod).toBe("squash");
    expect(withGitHub("url: http://127.0.0.1:3000").github.url).toBe("http://127.0.0.1:3000");
    for (const wrong of [
      "url: http://git.example",
      "url: https://git.example/octo",
      "url: https://me:hunter2@git.example",
      "api_url: http://git.example/api/v3",
      "merge_method: fast-forward",
      "app_id: 0",
      "poll: 10ms",
      "wait: 31d",
    ])
      expect(faultOf(() => withGitHub(wrong)).message).toContain(`github.${wrong.split(":")[0]}`);
  });

  it("a sign-off needs a somebody, and signing needs a key in the right form", () => {
    const withLanding = (...lines: string[]) => {
      writeFileSync(join(home, "config.yaml"), ["landing:", ...lines.map((line) => `  ${line}`), ""].join("\n"));
      return load().landing;
    };
    const person = ["author_name: Ada Example", "author_email: ada@example.com"];
    expect(load().landing).toMatchObject({ trailers: [], signer: null });
    expect(withLanding(...person, "sign_off: true", 'co_author: "Bo <bo@example.com>"').trailers).toEqual([
      "Co-authored-by: Bo <bo@example.com>",
      "Signed-off-by: Ada Example <ada@example.com>",
    ]);
    for (const kept of [[], person.slice(0, 1), person.slice(1)])
      expect(faultOf(() => withLanding(...kept, "sign_off: true")).message).toContain("landing.sign_off");
    expect(faultOf(() => withLanding("author_name: A", "author_email: a", "sign_off: true")).message).toContain(
      "landing.author_email",
    );
    for (const wrong of ["Bo", "bo@example.com", "Bo <bo>", '"Bo <bo@example.com>\\nSigned-off-by: X <x@example.com>"'])
      expect(faultOf(() => withLanding(`co_author: ${wrong}`)).message, wrong).toContain("landing.co_author");
    expect(withLanding("sign: ssh", "signing_key: /keys/id").signer).toEqual({ kind: "ssh", key: "/keys/id" });
    const id = "0123456789abcdef";
    expect(withLanding("sign: gpg", `signing_key: "${id}"`).signer).toEqual({ kind: "gpg", key: id });
    for (const wrong of [["sign: ssh"], ["sign: ssh", "signing_key: keys/id"], ["sign: gpg", "signing_key: --yes"]])
      expect(faultOf(() => withLanding(...wrong)).message).toContain("landing.signing_key");
    expect(faultOf(() => withLanding("signing_key: /keys/id")).message).toContain("landing.sign");
  });

  it("the operator's file may be empty", () => {
    writeFileSync(join(home, "config.yaml"), "# nothing yet\n");
    expect(load().system.port).toBe(7247);
  });
  it("a wrong operator's file is refused with file and key path of every problem", () => {
    const file = join(home, "config.yaml");
    const refused: [text: string, message: string][] = [
      ["limits: {foo: 1}", "limits.foo: unknown key"],
      ["nonsense: 1", "nonsense: unknown key"],
      ["limits: {run_timeout: 10}", "limits.run_timeout: a duration needs its unit"],
      ["addresses: {anthropic: 'http://models.example.com'}", "addresses.anthropic: needs https"],
      ["addresses: {openai: 'https://user:word@api.openai.com/v1'}", "addresses.openai: needs https"],
      ["landing: {author_name: 'a <b>'}", "landing.author_name: must be"],
      ["system: {port: 70000}", "system.port: "],
      ["notifications: {timeout: 11m}", "notifications.timeout: must be at most 10m"],
      ["notifications: {fold_for: 2d}", "notifications.fold_for: must be at most 1d"],
      ["notifications: {mission_delay: 2d}", "notifications.mission_delay: must be at most 1d"],
      ["notifications: {topic: 'a b'}", "notifications.topic: a topic is"],
      ["notifications: {quiet_hours: '25:00-07:00'}", "notifications.quiet_hours: must be hours"],
      ["limits: {run_window: '22:00-22:00'}", "limits.run_window: must not be empty"],
      ["system: {port: 1, port: 2}", "Map keys must be unique"],
      ["a: &x 1\nb: *x", "aliases"],
      ["a: 1\n---\nb: 1", "more than one YAML document"],
      ["a: [", ""],
    ];
    for (const [text, message] of refused) {
      writeFileSync(file, text);
      const fault = faultOf(load);
      expect(fault.code, text).toBe("config-invalid");
      expect(fault.message, text).toContain(`${file}: `);
      expect(fault.message, text).toContain(message);
    }
    writeFileSync(file, "limits: {foo: 1, bar: 2}");
    expect(faultOf(load).message.split("\n")).toHaveLength(2);
  });
});

describe("judges", () => {
  const third = { AEDEV_COMPATIBLE_MODEL: "mistral-large-3", AEDEV_COMPATIBLE_BASE_URL: "https://api.mistral.ai" };

  it("a third judge is configured by model and address, in the file or the environment", () => {
    expect(configuredFamilies(load())).toEqual(["openai", "gemini"]);
    expect(configuredFamilies(load(third))).toEqual(["openai", "gemini", "compatible"]);
    writeFileSync(join(home, "config.yaml"), "models: {compatible: qwen3-max}\n");
    const { models, addresses } = load({ AEDEV_COMPATIBLE_BASE_URL: "http://127.0.0.1:4003" });
    expect([models.compatible, addresses.compatible]).toEqual(["qwen3-max", "http://127.0.0.1:4003"]);
  });

  it("a judge is refused if half configured, of the coder's vendor, or a third one of a vendor that judges already", () => {
    const model = (AEDEV_COMPATIBLE_MODEL: string) => ({ ...third, AEDEV_COMPATIBLE_MODEL });
    const url = (AEDEV_COMPATIBLE_BASE_URL: string) => ({ ...third, AEDEV_COMPATIBLE_BASE_URL });
    const refused: [environment: Record<string, string>, message: string][] = [
      [{ AEDEV_COMPATIBLE_MODEL: "mistral" }, "addresses.compatible: is required if models.compatible is set"],
      [{ AEDEV_COMPATIBLE_BASE_URL: "https://x.example" }, "models.compatible: is required if"],
      [model("claude-opus-4-5"), "models.compatible: a judge must be independent; this is the coder's vendor"],
      [model("anthropic/Claude-Sonnet"), "models.compatible: a judge must be independent"],
      [url("https://api.anthropic.com/v1"), "addresses.compatible: a judge must be independent; this is the coder's"],
      [url("https://eu.API.Anthropic.com./v1"), "addresses.compatible: a judge must be independent"],
      [{ AEDEV_OPENAI_MODEL: "anthropic/claude-x" }, "models.openai: a judge must be independent"],
      [{ AEDEV_GEMINI_BASE_URL: "https://api.anthropic.com" }, "addresses.gemini: a judge must be independent"],
      [
        { AEDEV_OPENAI_BASE_URL: "https://generativelanguage.googleapis.com/v1beta/openai" },
        "addresses.openai: a judge must be independent; this is the vendor of the judge gemini",
      ],
      [{ AEDEV_OPENAI_MODEL: "gemini-2.5-pro" }, "models.openai: a judge must be independent"],
      [
        { AEDEV_GEMINI_MODEL: "gpt-5.1" },
        "models.gemini: a judge must be independent; this is the vendor of the judge",
      ],
      [
        model("openai/gpt-5.1"),
        "models.compatible: a judge must be independent; this is the vendor of the judge openai",
      ],
      [url("https://x.openai.azure.com"), "addresses.compatible: a judge must be independent"],
      [model("google/gemini-2.5-pro"), "this is the vendor of the judge gemini"],
    ];
    for (const [environment, message] of refused) {
      const fault = faultOf(() => load(environment));
      expect(fault.code, message).toBe("config-invalid");
      expect(fault.message).toContain(message);
    }
    for (const name of ["mistral-large", "deepseek-chat", "qwen3-max", "llama-4", "grok-4", "solo-1"])
      expect(load(model(name)).models.compatible).toBe(name);
  });
});

describe("the environment", () => {
  it("the environment wins over both files", () => {
    writeFileSync(join(home, "config.yaml"), "system: {port: 1234}\nmodels: {openai: from-file}\n");
    expect(load().system.port).toBe(1234);
    const configuration = load({
      AEDEV_PORT: "0",
      AEDEV_ANTHROPIC_BASE_URL: "http://127.0.0.1:4000",
      AEDEV_OPENAI_BASE_URL: "http://localhost:4001/v1",
      AEDEV_OPENAI_MODEL: "o",
      AEDEV_GEMINI_BASE_URL: "http://[::1]:4002",
      AEDEV_GEMINI_MODEL: "g",
    });
    expect(configuration.system.port).toBe(0);
    expect(configuration.models).toMatchObject({ openai: "o", gemini: "g" });
    expect(configuration.addresses).toMatchObject({
      anthropic: "http://127.0.0.1:4000",
      openai: "http://localhost:4001/v1",
      gemini: "http://[::1]:4002",
    });
  });
  it("an empty or unknown variable changes nothing", () => {
    expect(load({ AEDEV_PORT: "", AEDEV_OPENAI_MODEL: "", OPENAI_BASE_URL: "https://elsewhere" })).toEqual(load());
  });
  it("a wrong variable is refused by its name", () => {
    for (const port of ["x", "70000", "1.5", "-1"])
      expect(faultOf(() => load({ AEDEV_PORT: port })).message).toBe("environment: AEDEV_PORT: not a port");
    expect(faultOf(() => load({ AEDEV_GEMINI_BASE_URL: "file:///etc" })).message).toContain("AEDEV_GEMINI_BASE_URL: ");
  });
});
