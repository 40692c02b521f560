/** A page source for tests whose state holds everything, so that no page is needed. */
import { type State, totalsOf } from "@aedev/core";
import type { PageSource } from "../../src/reader/pages.ts";

export function sourceOf(state: State): PageSource {
  return { stateToShow: () => state, views: { totals: () => totalsOf(state), page: () => [], lastLanded: () => [] } };
}
