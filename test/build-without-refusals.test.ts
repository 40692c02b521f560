/** By night a test shows that the attack demonstration notices a lost refusal. By day this tests that the code which it switches off still exists. */
import { expect, it } from "vitest";
import { switchedOff, withoutRefusal } from "./support/build-without-refusals.ts";

const root = new URL("..", import.meta.url).pathname;

it.each(switchedOff)("$file still has the refusal that is switched off", (replacement) => {
  expect(withoutRefusal(root, replacement)).toContain(replacement.to);
});

it("missing code is an error", () => {
  const [first] = switchedOff;
  expect(() => withoutRefusal(root, { file: first?.file ?? "", from: "no such text", to: "" })).toThrow(
    /stands 0 times/,
  );
});
