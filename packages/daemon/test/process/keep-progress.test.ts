/** A run's progress for people: a secret in a line is left out, and the rest is kept. */
import { expect, it } from "vitest";
import { withoutSecrets } from "../../src/process/keep-progress.ts";

it("a secret in a step or a refusal is replaced by its rule; other text and counts stay", async () => {
  const token = `ghp_${"a1B2c3D4e5F6".repeat(3)}`;
  const kept = async (text: string) => (await withoutSecrets({ kind: "step", text })) as { text: string };
  const { text } = await kept(`runs curl -H "authorization: ${token}" x; then ${token}.`);
  expect(text).not.toContain(token.slice(4, 20));
  expect(text).toMatch(/^runs curl -H "authorization: \[secret: [\w-]+\]" x; then \[secret: [\w-]+\]\.$/);
  expect(await kept("runs node --test lib/token.test.js")).toEqual({
    kind: "step",
    text: "runs node --test lib/token.test.js",
  });
  expect(await withoutSecrets({ kind: "refused", what: `GET /?${token}` })).not.toMatchObject({
    what: expect.stringContaining(token),
  });
  const exchange = { kind: "exchange", number: 1, status: 200, tokens: { input: 1, output: 2 } } as const;
  expect(await withoutSecrets(exchange)).toEqual(exchange);
});
