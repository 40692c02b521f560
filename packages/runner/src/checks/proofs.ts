/** All proofs, in the order in which they are made. Add a proof in a file of its own and name it here. */
import { type RunChecks, withCoverage } from "@aedev/contracts";
import { addedTests } from "./added-tests/added-tests.ts";
import { editedTests } from "./edited-tests/edited-tests.ts";
import { independentTests } from "./independent-tests/independent-tests.ts";
import { testMatrix } from "./matrix/matrix.ts";
import { mutationSample } from "./mutation/sample.ts";
import { type AnyProof, proof } from "./proof/proof.ts";
import { repeatedTests } from "./replay/repeated-tests.ts";
import { secondImplementation } from "./second-implementation/second-implementation.ts";
import { skippedTests } from "./skipped-tests/skipped-tests.ts";
import { unneededCode } from "./unneeded/unneeded.ts";

const strayWritesMax = 1000;

/** The bundle's two entries about the change's tests, to which several proofs contribute. */
const testResults = proof({
  name: "test results",
  needs: {
    tested: testMatrix,
    repeated: repeatedTests,
    skipped: skippedTests,
    unneeded: unneededCode,
    edited: editedTests,
    added: addedTests,
  },
  async prove({ strayWrites }, { tested, repeated, skipped, unneeded, edited, added }) {
    const { matrix, watched, provenness } = tested;
    return {
      watched,
      matrix: {
        ...matrix,
        ...(skipped === null ? {} : { skipped }),
        ...(strayWrites.size === 0 ? {} : { build_writes: [...strayWrites].sort().slice(0, strayWritesMax) }),
      },
      provenness: withCoverage(provenness, repeated.covered, { unneeded, editedTests: edited, addedTests: added }),
    };
  },
  evidence: ({ matrix, watched, provenness }) => ({ "test-matrix": matrix, "watched-paths": watched, provenness }),
});

/** What the tests show of a change that can't change what runs. */
const testsOnly = proof({
  name: "tests only",
  needs: { tested: testMatrix },
  prove: async (_change, { tested }) => tested,
  evidence: ({ matrix, watched, provenness }) => ({
    "test-matrix": matrix,
    "watched-paths": watched,
    provenness: withCoverage(provenness, "no-code"),
  }),
});

/** The proofs of a change. */
export const proofsFor = ({ is_inert }: Pick<RunChecks, "is_inert">): readonly AnyProof[] =>
  is_inert === true ? [testsOnly, independentTests] : proofs;

/** What another run made comes last, because building another run's code yields no evidence about this change. */
const proofs: readonly AnyProof[] = [
  testMatrix,
  repeatedTests,
  skippedTests,
  unneededCode,
  editedTests,
  addedTests,
  mutationSample,
  testResults,
  independentTests,
  secondImplementation,
];
