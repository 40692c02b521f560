/** The two families that share a client: the address and request of each. The compatible judge uses only its configured address. */
import { afterAll, expect, it, vi } from "vitest";

const requests: { url: string; body: Record<string, unknown> }[] = [];
const direct = globalThis.fetch;
// The plane's `fetch` captures the global one when it is loaded.
vi.resetModules();
globalThis.fetch = async (input, init) => {
  requests.push({ url: String(input), body: JSON.parse(String(init?.body)) });
  return Response.json({ choices: [{ message: { content: "{}" } }] });
};
const { askCompatible, askOpenai } = await import("../../src/vendor/openai.ts");
afterAll(() => {
  globalThis.fetch = direct;
  vi.resetModules();
});

const question = { system: "s", user: "u", model: "m", key: "k".repeat(20), timeoutMs: 5000, answerTokens: 77 };

it("asks OpenAI at its own address, and the compatible judge only at the configured one", async () => {
  expect(await askCompatible({ ...question, baseUrl: null })).toMatchObject({ kind: "failed", detail: "unreachable" });
  expect(requests).toEqual([]);
  expect(await askCompatible({ ...question, baseUrl: "https://models.example" })).toMatchObject({ kind: "answered" });
  expect(await askOpenai({ ...question, baseUrl: null })).toMatchObject({ kind: "answered" });
  expect(requests.map(({ url }) => url)).toEqual([
    "https://models.example/v1/chat/completions",
    "https://api.openai.com/v1/chat/completions",
  ]);
});

it("sends the same request to both, except for the name of the bound on the answer", () => {
  const [third, openai] = requests.map(({ body }) => body);
  const { max_tokens, ...rest } = third ?? {};
  const { max_completion_tokens, ...same } = openai ?? {};
  expect([max_tokens, max_completion_tokens]).toEqual([77, 77]);
  expect(rest).toEqual(same);
  expect(rest["response_format"]).toMatchObject({ type: "json_schema", json_schema: { strict: true } });
});
