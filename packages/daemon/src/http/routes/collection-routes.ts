/** Deletes what retention no longer keeps, over HTTP. */
import { type Collected, collectInDaemon } from "../../retention/collect-garbage.ts";
import { type Handlers, refusal } from "./handler.ts";

export function collectionRoutes(control: Collected) {
  return {
    async collect({ caller }) {
      const done = await collectInDaemon(control, caller);
      return "kind" in done ? refusal(done) : done;
    },
  } satisfies Partial<Handlers>;
}
