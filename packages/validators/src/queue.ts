/** The judgement plane's bounded queue: runs a fixed number of judgements and probes at a time, the rest in order of arrival. */
import assert from "node:assert/strict";

/** Returns a function that runs `task` when its turn comes. Contract: a task must not throw; nothing would catch it. */
export function createQueue(limits: { running: number; waiting: number }): (task: () => Promise<void>) => void {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;

  function startNext(): void {
    if (running >= limits.running) return;
    const task = waiting.shift();
    if (task === undefined) return;
    running += 1;
    void task().finally(() => {
      running -= 1;
      startNext();
    });
  }

  return (task) => {
    assert(waiting.length < limits.waiting, "the control plane sends no more judgements than the queue holds");
    waiting.push(task);
    startNext();
  };
}
