import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { Fixture } from "../src/fixture.ts";
import { type FakeModels, openModels } from "../src/models.ts";

let models: FakeModels | undefined;
afterEach(async () => {
  await models?.close();
  models = undefined;
});
const post = (url: string, body: unknown) =>
  fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
const ask = (text: string) => ({ model: "gpt-5.1", messages: [{ role: "user", content: text }] });
const prompt = "nonce: 0af1\nbundle_digest: beef\ncriterion c1: all tests pass\n\n| Close it";

async function open(scripts: Partial<Record<"anthropic" | "openai" | "gemini", Fixture[]>>) {
  const complaints: string[] = [];
  models = await openModels({ anthropic: [], openai: [], gemini: [], ...scripts }, (line) => complaints.push(line));
  return { models, complaints };
}

describe("the fake models", () => {
  const verdict = { nonce: "{{nonce}}", criteria: "{{criteria}}" };
  const judge: Fixture[] = [
    {
      match: { userMessage: "Close it" },
      response: { content: verdict, usage: { prompt_tokens: 12, completion_tokens: 3 } },
    },
  ];

  it("answer a judge with the prompt's own nonce and the script's usage, and a prompt without a mission with a reported error", async () => {
    const { models, complaints } = await open({ openai: judge });
    const url = `${models.addresses.openai}/v1/chat/completions`;
    const answer = (await (await post(url, ask(prompt))).json()) as {
      choices: { message: { content: string } }[];
      usage: object;
    };
    expect(JSON.parse(answer.choices[0]?.message.content ?? "")).toMatchObject({
      nonce: "0af1",
      criteria: [{ id: "c1" }],
    });
    expect(answer.usage).toMatchObject({ prompt_tokens: 12, completion_tokens: 3 });
    expect(complaints).toEqual([]);
    expect((await post(url, ask("something else"))).status).toBe(400);
    expect(complaints).toEqual(["no script answers this request to openai (turn 0): something else"]);
    expect((await post(`${models.addresses.anthropic}/v1/chat/completions`, ask(prompt))).status).toBe(400);
  });

  it("play a coder's turns according to the conversation, and nothing beyond its end", async () => {
    const usage = { input_tokens: 5, output_tokens: 2 };
    const { models, complaints } = await open({
      anthropic: [
        { match: { turnIndex: 0 }, response: { toolCalls: [{ name: "Read", arguments: { file_path: "/a" } }], usage } },
      ],
    });
    const url = `${models.addresses.anthropic}/v1/messages`;
    const first = { role: "user", content: "go" };
    const request = (messages: unknown[]) => post(url, { model: "claude-sonnet-4-6", max_tokens: 100, messages });
    const answer = (await (await request([first])).json()) as { content: { type: string; input?: unknown }[] };
    expect(answer.content).toMatchObject([{ type: "tool_use", name: "Read", input: { file_path: "/a" } }]);
    const beyond = await request([first, { role: "assistant", content: "read" }, { role: "user", content: "on" }]);
    expect(beyond.status).toBe(400);
    expect(complaints).toHaveLength(1);
  });

  it("run as a process that prints its addresses and, when its standard input ends, prints the requests and exits", async () => {
    const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
    const folder = fileURLToPath(new URL("../../../config/demo/mission-1", import.meta.url));
    const child = spawn(process.execPath, [main, folder], { stdio: ["pipe", "pipe", "inherit"] });
    const lines: string[] = [];
    const out = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
    await once(out, "line");
    const { openai, anthropic } = JSON.parse(lines[0] ?? "") as { openai: string; anthropic: string };
    const text = prompt.replace("Close it", "Close the security hole in minimist");
    expect((await post(`${openai}/v1/chat/completions`, ask(text))).status).toBe(200);
    const result = [{ type: "tool_result", tool_use_id: "toolu_1", content: "refused (exit 1)" }];
    const call = [{ type: "tool_use", id: "toolu_1", name: "Bash", input: {} }];
    const messages = [
      { role: "user", content: "go" },
      { role: "assistant", content: call },
      { role: "user", content: result },
    ];
    await fetch(`${anthropic}/v1/messages?beta=true`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer the-credential" },
      body: JSON.stringify({ model: "claude-sonnet-4-6", max_tokens: 10, messages }),
    });
    const ended = once(child, "close");
    child.stdin.end();
    expect(await ended).toEqual([0, null]);
    const received = JSON.parse(lines[1] ?? "");
    expect(received.requests).toMatchObject([
      { vendor: "openai", path: "/v1/chat/completions" },
      { vendor: "anthropic", path: "/v1/messages?beta=true", credentials: expect.stringContaining("the-credential") },
    ]);
    expect(received.texts).toEqual([text, "go"]);
    expect(received.tool_results).toEqual({ toolu_1: "refused (exit 1)" });
  });
});
