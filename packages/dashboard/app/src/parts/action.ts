/** A command that a person sends: it runs once at a time, and its answer or refusal is told. */
import { signal } from "@preact/signals";
import { CallError } from "../api/client.ts";

export interface Told {
  readonly tone: "good" | "bad";
  readonly text: string;
  readonly hint: string | null;
}

export function actionState() {
  const told = signal<Told | null>(null);
  const isBusy = signal(false);
  /** `done`: what is said if it worked. */
  const run = async (send: () => Promise<unknown>, done: string) => {
    if (isBusy.value) return;
    isBusy.value = true;
    told.value = null;
    try {
      await send();
      told.value = { tone: "good", text: done, hint: null };
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      told.value = { tone: "bad", text: error.message, hint: error.hint };
    } finally {
      isBusy.value = false;
    }
  };
  return { told, isBusy, run };
}
export type ActionState = ReturnType<typeof actionState>;
