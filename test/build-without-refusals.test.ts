/** The test that the attack demonstration notices a lost refusal runs by night. That the code it switches off is there is tested by day. */
import { expect, it } from "vitest";
import { switchedOff, withoutRefusal } from "./support/build-without-refusals.ts";

const root = new URL("..", import.meta.url).pathname;

it.each(switchedOff)("$file has the refusal that is switched off", (replacement) => {
  expect(withoutRefusal(root, replacement)).toContain(replacement.to);
});

it("code that is not there is an error", () => {
  const [first] = switchedOff;
  expect(() => withoutRefusal(root, { file: first?.file ?? "", from: "no such text", to: "" })).toThrow(
    /stands 0 times/,
  );
});
