/** Counts how often the checks of a second change run the base's own tests, in containers of the real engine. */
import { openLaboratory } from "../../packages/runner/test/checks/laboratory.ts";
import { atMost, type Figure } from "./figure.ts";

const source = "exports.add = (a, b) => a + b;\n";
const files = {
  "index.js": source,
  "test/add.test.js":
    "const { add } = require('../index.js');\nrequire('node:test').test('adds', () => require('node:assert').strictEqual(add(1, 2), 3));\n",
};
/** Each pass of the one command uses one container. An honest change needs five: plain, with sentinels, with altered expectations, and two for its calls. */
const ownPasses = 5;

export async function benchBaseCache(): Promise<Figure[]> {
  const laboratory = openLaboratory();
  try {
    const { docker } = laboratory.context;
    let made = 0;
    laboratory.context.docker = {
      ...docker,
      create(spec) {
        made += 1;
        return docker.create(spec);
      },
    };
    const base = laboratory.repository("adder", files);
    const basePasses = async (comment: string) => {
      made = 0;
      const change = { "index.js": `// ${comment}\n${source}` };
      const settings = { verify: ["node --test"], tests: ["test/**"] };
      const { cells } = await laboratory.matrix({ name: "adder", base, change, settings });
      if (cells["new-tests-new-code"].commands[0]?.exit_code !== 0) throw new Error("the change was not green");
      return made - ownPasses;
    };
    const first = await basePasses("one");
    const value = await basePasses("two");
    const options = { limit: 0, value, unit: " base passes", detail: `the first mission ran ${first}` };
    return [atMost("base's tests, second mission", options)];
  } finally {
    laboratory.close();
  }
}
