/** Which files of a base only its tests use (SECURITY T28). */
import { rootedMatcher } from "@aedev/host/globs";
import { describe, expect, it } from "vitest";
import { testSupport } from "../../../src/checks/watch/test-support.ts";

function support(files: Record<string, string>, opened: string[], tests = ["test/**", "tests/**"]): string[] {
  return testSupport({
    paths: Object.keys(files),
    texts: new Map(Object.entries(files)),
    opened,
    isTest: rootedMatcher(tests),
  });
}
const node = {
  "package.json": JSON.stringify({ name: "shop", main: "lib/index.js" }),
  "lib/index.js": "const table = require('./table.json');\nmodule.exports = require('./add');\n",
  "lib/add.js": "exports.add = (a, b) => a + b;\n",
  "lib/worker.js": "process.send(1);\n",
  "lib/table.json": "{}",
  "support/assertions.js": "exports.same = () => {};\n",
  "data/cases.json": "[]",
  "test/a.js": "require('../support/assertions');\nrequire('../data/cases.json');\nrequire('..');\n",
};

describe("test support", () => {
  it("is every file that tests open and production code does not reach", () => {
    const opened = ["lib/index.js", "lib/add.js", "lib/table.json", "support/assertions.js", "data/cases.json"];
    expect(support(node, opened)).toEqual(["data/cases.json", "support/assertions.js"]);
  });

  it("excludes code in a folder of production code, which may be loaded without an import", () => {
    expect(support(node, ["lib/worker.js"])).toEqual([]);
  });

  it("excludes data that production code names, in whatever way it builds the path", () => {
    const reading = {
      ...node,
      "lib/add.js": "require('fs').readFileSync(require('path').join(__dirname, '..', 'data', 'cases.json'));\n",
    };
    expect(support(reading, ["data/cases.json"])).toEqual([]);
    expect(support(node, ["data/cases.json"])).toEqual(["data/cases.json"]);
  });

  it("excludes the source of a build output that the manifest names", () => {
    const built = {
      "package.json": JSON.stringify({ name: "shop", exports: { ".": { import: "./dist/index.mjs" } } }),
      "src/index.ts": "export * from './add.js';\n",
      "src/add.ts": "export const add = 1;\n",
      "helpers/same.ts": "export const same = 1;\n",
    };
    expect(support(built, ["src/index.ts", "src/add.ts", "helpers/same.ts"])).toEqual(["helpers/same.ts"]);
  });

  it("includes Go code that imports a test library, wherever it is", () => {
    const go = {
      "ring.go": "package ring\n",
      "internal/check/check.go": 'package check\n\nimport "testing"\n\nfunc Same(t *testing.T) {}\n',
      "internal/retry/retry.go": 'package retry\n\nimport (\n\t"fmt"\n)\n\n// "testing" is far\n',
      "ring_test.go": 'package ring\n\nimport "testing"\n',
    };
    expect(support(go, Object.keys(go), ["**/*_test.go"])).toEqual(["internal/check/check.go"]);
  });

  it("without entry points, only files in folders for test material are support", () => {
    const application = {
      "server.js": "require('./routes/orders');\n",
      "routes/orders.js": "module.exports = 1;\n",
      "fixtures/order.js": "module.exports = {};\n",
      "fixtures/order.json": "{}",
    };
    expect(support(application, Object.keys(application))).toEqual(["fixtures/order.js", "fixtures/order.json"]);
  });

  it("is found in Python packages", () => {
    const python = {
      "pyproject.toml": '[project]\nname = "shop-core"\n',
      "shop_core/__init__.py": "from .orders import total\n",
      "shop_core/orders.py": "import json\nRATES = open('rates.csv')\n",
      "rates.csv": "",
      "checks/same.py": "def same(a, b): assert a == b\n",
      "golden/orders.json": "[]",
      "tests/test_orders.py": "from checks.same import same\n",
    };
    const opened = ["shop_core/orders.py", "rates.csv", "checks/same.py", "golden/orders.json", "pyproject.toml"];
    expect(support(python, opened)).toEqual(["checks/same.py", "golden/orders.json"]);
  });

  it("without a manifest, files that the readme's Python package does not reach are support", () => {
    const python = {
      "shop/__init__.py": "from .orders import total\n",
      "shop/orders.py": "total = sum\n",
      "checking/orders.py": "from shop import total\n",
      "tests/test_orders.py": "from checking.orders import total\n",
    };
    const opened = ["shop/orders.py", "checking/orders.py"];
    for (const readme of ["# shop\n\nOrders.\n", "Shop\n====\n\nOrders.\n"])
      expect(support({ ...python, "README.md": readme }, opened)).toEqual(["checking/orders.py"]);
    // Such a readme does not show which of the two is production code.
    for (const readme of ["# Orders of a company\n", "", "# sho\n", "Orders\n\n    from shop import total\n"])
      expect(support({ ...python, "README.md": readme }, opened)).toEqual([]);
    // Nor does it for programs at the root or in another language.
    const mixed = { ...python, "README.md": "# shop\n", "server.py": "import shop\n", "tools/a.js": "" };
    expect(support(mixed, ["server.py", "tools/a.js", "checking/orders.py"])).toEqual(["checking/orders.py"]);
    const named = { ...python, "README.md": "# checking\n", "pyproject.toml": '[project]\nname = "shop"\n' };
    expect(support(named, opened)).toEqual(["checking/orders.py"]);
  });

  it("never includes a test or a manifest", () => {
    expect(support(node, ["package.json", "test/a.js"])).toEqual([]);
  });
});
