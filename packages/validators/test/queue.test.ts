/** The bounded queue of judgements. */
import { expect, test } from "vitest";
import { createQueue } from "../src/queue.ts";

test("runs a bounded number of judgements at a time, in order of arrival, and refuses to grow without bound", async () => {
  const enqueue = createQueue({ running: 2, waiting: 2 });
  const started: number[] = [];
  const gates = [0, 1, 2, 3].map(() => Promise.withResolvers<void>());
  for (const [index, gate] of gates.entries())
    enqueue(() => {
      started.push(index);
      return gate.promise;
    });
  expect(started).toEqual([0, 1]);
  expect(() => enqueue(() => Promise.resolve())).toThrow(/sends no more judgements than the queue holds/);
  gates[1]?.resolve();
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1, 2]);
});
