/** A document that a page shows: read when its question changes, and again when the log has grown. */
import type { RouteAnswer, RouteInput, RouteName } from "@aedev/contracts/api";
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { CallError, call } from "../api/client.ts";
import { position } from "../api/live.ts";

/** A document about all of history is not read more often. */
const pauseMs = 10_000;

/** The document; null until it was read. `error`: the daemon's own words. */
export function useDocument<K extends RouteName>(name: K, input: RouteInput<K>) {
  const document = useSignal<RouteAnswer<K> | null>(null);
  const error = useSignal<string | null>(null);
  const question = JSON.stringify(input);
  useEffect(() => {
    let isGone = false;
    let readAt = -1;
    document.value = null;
    const read = async () => {
      readAt = position.value;
      try {
        const answer = await call(name, input);
        if (isGone) return;
        document.value = answer;
        error.value = null;
      } catch (thrown) {
        if (!(thrown instanceof CallError)) throw thrown;
        readAt = -1;
        if (!isGone) error.value = thrown.message;
      }
    };
    void read();
    const timer = setInterval(() => {
      if (position.value !== readAt) void read();
    }, pauseMs);
    return () => {
      isGone = true;
      clearInterval(timer);
    };
  }, [question]);
  return { document: document.value, error: error.value };
}
