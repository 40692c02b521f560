/** Runs the change's tests once more, on code that reports coverage and calls; then repeats the calls outside the tests. */
import { openCoverage } from "../coverage/coverage.ts";
import { testMatrix } from "../matrix/matrix.ts";
import { proof } from "../proof/proof.ts";
import { replayCalls } from "./replay.ts";
import { specifiedVariables } from "./specified-variables.ts";

export const repeatedTests = proof({
  name: "repeated tests",
  needs: { tested: testMatrix },
  async prove({ work }, { tested }, context) {
    const request = { ...tested, variables: specifiedVariables(context.blobs.get(work.specification.digest)) };
    const opened = await openCoverage(tested);
    if (opened.kind === "done")
      return { covered: opened.found, ...(await replayCalls({ ...request, coverage: null }, context)) };
    await using run = opened.run;
    const replayed = await replayCalls({ ...request, coverage: run }, context);
    return { covered: await run.finish(context), ...replayed };
  },
  evidence: ({ replay }) => ({ replay }),
});
