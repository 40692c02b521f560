/** Every combination of two views: a pass needs both, a fail vetoes unless the other view passed, an answered view takes precedence. */
import { expect, it } from "vitest";
import { combineViews, type ViewVerdict } from "../../src/view/combine-views.ts";

type Said = "pass" | "fail" | "verdict" | "citation" | "http_500" | "http_503" | "timeout";
const all: Said[] = ["pass", "fail", "verdict", "citation", "http_500", "timeout"];
const verdictOf = (view: ViewVerdict["view"], said: Said): ViewVerdict =>
  said === "pass" || said === "fail"
    ? { view, verdict: said, detail: null }
    : { view, verdict: "inconclusive", detail: said };
const combined = (plain: Said, blanked: Said) => {
  const { verdict, detail } = combineViews([verdictOf("plain", plain), verdictOf("blanked", blanked)]);
  return detail ?? verdict;
};

it("passes only with two passes, and fails with a fail that no pass contradicts", () => {
  for (const one of all)
    for (const other of all) {
      const said = combined(one, other);
      expect(said === "pass").toBe(one === "pass" && other === "pass");
      const isFlip = [one, other].toSorted().join() === "fail,pass";
      expect(said === "flip").toBe(isFlip);
      expect(said === "fail").toBe([one, other].includes("fail") && !isFlip);
    }
});

it("prefers the detail of an answered view, then of a view whose vendor was available, then the first", () => {
  expect(combined("http_500", "citation")).toBe("citation");
  expect(combined("verdict", "timeout")).toBe("verdict");
  expect(combined("verdict", "citation")).toBe("verdict");
  expect(combined("http_500", "timeout")).toBe("timeout");
  expect(combined("timeout", "http_500")).toBe("timeout");
  expect(combined("http_500", "http_503")).toBe("http_500");
  expect(combined("pass", "timeout")).toBe("timeout");
});
