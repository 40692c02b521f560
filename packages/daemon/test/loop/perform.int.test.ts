/** What the loop tells its performers besides the state, on a real log. */
import type { Work } from "@aedev/core";
import { ids } from "@aedev/core/testing";
import { afterEach, expect, it } from "vitest";
import { createPerform } from "../../src/loop/perform.ts";
import { openSignedHome, type SignedHome } from "../evidence/signed-home.ts";

let home: SignedHome;
afterEach(() => home.close());

it("the loop tells the gate whether the run window is closed", async () => {
  home = await openSignedHome();
  await home.seal();
  const { configuration } = home.control;
  const hour = new Date().getHours();
  const within = async (from: number, to: number) => {
    const runWindow = { from: ((hour + from) % 24) * 60, to: ((hour + to) % 24) * 60 };
    const perform = createPerform({
      control: {
        ...home.control,
        configuration: { ...configuration, schedule: { ...configuration.schedule, runWindow } },
      },
      ...({ planes: {}, notifier: {}, canaries: {} } as never as Omit<Parameters<typeof createPerform>[0], "control">),
    });
    return perform({ kind: "DecideGate", plane: "control", work_id: "w", task_id: ids.task } as Work, home.state());
  };
  expect(await within(22, 2)).toMatchObject({ kind: "DecideGate", waits_for_window: false });
  expect(await within(2, 4)).toMatchObject({ kind: "DecideGate", waits_for_window: true });
});
