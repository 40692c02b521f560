// The package edges that are allowed; test/tidy.test.ts holds the same table as data and breaks when one is missing here.
const only = (from, allowed) => ({
  name: `${from}-edges`,
  severity: "error",
  from: { path: `^packages/${from}/src` },
  to: { path: "^packages/", pathNot: [`^packages/${from}/`, ...allowed.map((path) => `^packages/${path}`)] },
});

module.exports = {
  forbidden: [
    only("core", []),
    only("dashboard", ["core/src"]),
    only("runner", ["core/src/wire/"]),
    only("validators", ["core/src/wire/"]),
    only("daemon", ["core/src", "dashboard/src"]),
    only("cli", ["core/src", "daemon/src/index\\.ts$", "runner/src/index\\.ts$"]),
    {
      name: "core-is-pure",
      severity: "error",
      from: { path: "^packages/core/src" },
      to: { path: "node_modules", pathNot: "node_modules/zod/" },
    },
    {
      name: "core-does-no-io",
      severity: "error",
      from: { path: "^packages/core/src" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "wire-stands-alone",
      severity: "error",
      from: { path: "^packages/core/src/wire/" },
      to: { path: "^packages/core/src/", pathNot: "^packages/core/src/wire/" },
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "/test/" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "default", "types"],
      extensions: [".ts", ".js", ".cjs", ".mjs", ".json"],
    },
  },
};
