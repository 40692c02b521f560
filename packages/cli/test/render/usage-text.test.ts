/** The total cost of runs, split into input and output. */
import { noUsage } from "@aedev/contracts";
import { expect, it } from "vitest";
import { usageText } from "../../src/render/usage-text.ts";

it("counts cache writes and surcharges as input, but no cache reads", () => {
  const usage = { ...noUsage, input_tokens: 100, output_tokens: 20, cache_read_tokens: 900, requests: 1 };
  expect(usageText(usage)).toBe("120 tokens (100 in, 20 out), 1 request");
  expect(usageText({ ...usage, cache_write_tokens: 30, surcharge_tokens: 5, requests: 2 })).toBe(
    "155 tokens (135 in, 20 out), 2 requests",
  );
});
