/** Starts the slowest test files first: a slow file that starts last would keep one worker busy while the other is idle. */
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files of more than half a minute, longest first; vitest orders all others. */
const slow = [
  "test/github/crashes.int.test.ts",
  "packages/daemon/test/retention/year.int.test.ts",
  "packages/daemon/test/log/crash.int.test.ts",
  "packages/daemon/test/home/damaged-states.int.test.ts",
  "test/chaos/chaos.e2e.test.ts",
  "test/attacks/forging/by-runner/node.e2e.test.ts",
  "test/attacks/forging/by-runner/pytest.e2e.test.ts",
  "test/attacks/forging/by-runner/go.e2e.test.ts",
  "test/attacks/forging/by-runner/vitest.e2e.test.ts",
  "test/attacks/forging/by-runner/cargo.e2e.test.ts",
  "test/attacks/forging/by-runner/jest.e2e.test.ts",
  "test/attacks/forging/by-runner/mocha.e2e.test.ts",
  "test/attacks/forging/by-runner/unittest.e2e.test.ts",
  "test/attacks/forging/by-runner/tape.e2e.test.ts",
  "test/forged-results.e2e.test.ts",
  "test/hostile-patches.e2e.test.ts",
  "test/repair.e2e.test.ts",
  "test/landing.e2e.test.ts",
  "test/first-minutes.e2e.test.ts",
  "test/many-missions.e2e.test.ts",
  "test/missing.e2e.test.ts",
  "test/judges.e2e.test.ts",
  "test/moved-base.e2e.test.ts",
  "packages/runner/test/checks/minimist.e2e.test.ts",
  "packages/runner/test/checks/forged.e2e.test.ts",
  "packages/runner/test/checks/mutation/sample.e2e.test.ts",
  "test/demo.e2e.test.ts",
  "test/repo-add.e2e.test.ts",
  "test/weakened-tests.e2e.test.ts",
  "packages/runner/test/checks/sealed.e2e.test.ts",
  "packages/runner/test/checks/matrix/again.e2e.test.ts",
  "test/sandbox.e2e.test.ts",
  "test/demo-attack.e2e.test.ts",
  "test/simulation/simulation.int.test.ts",
  "test/phone.int.test.ts",
  "packages/daemon/test/canary/measured-judges.int.test.ts",
  "test/command-line.int.test.ts",
  "test/attacks/escapes.int.test.ts",
  "test/home.int.test.ts",
  "test/clarification.int.test.ts",
  "test/untrusted-log.int.test.ts",
  "test/local-users.int.test.ts",
];

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const found = slow.findIndex((path) => moduleId.endsWith(`/${path}`));
      return found === -1 ? slow.length : found;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}
