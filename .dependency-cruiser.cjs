// The package edges that are allowed; test/tidy.test.ts holds the same table as data and breaks when one is missing here.
const only = (from, allowed) => ({
  name: `${from}-edges`,
  severity: "error",
  from: { path: `^packages/${from}/src` },
  to: { path: "^packages/", pathNot: [`^packages/${from}/`, ...allowed.map((path) => `^packages/${path}`)] },
});

const pure = ["contracts", "clarify", "core"].flatMap((name) => [
  {
    name: `${name}-imports-zod-only`,
    severity: "error",
    from: { path: `^packages/${name}/src` },
    to: { path: "node_modules", pathNot: "node_modules/zod/" },
  },
  {
    name: `${name}-does-no-io`,
    severity: "error",
    from: { path: `^packages/${name}/src` },
    to: { dependencyTypes: ["core"] },
  },
]);

module.exports = {
  forbidden: [
    only("contracts", []),
    only("host", ["contracts/src"]),
    only("languages", ["contracts/src"]),
    only("clarify", ["contracts/src"]),
    only("core", ["contracts/src"]),
    only("dashboard", ["contracts/src"]),
    only("runner", ["contracts/src", "host/src", "languages/src"]),
    only("validators", ["contracts/src", "host/src"]),
    only("daemon", [
      "contracts/src",
      "host/src",
      "languages/src",
      "clarify/src/index\\.ts$",
      "core/src/(index|reading)\\.ts$",
      "dashboard/src/index\\.ts$",
    ]),
    only("cli", ["contracts/src", "host/src", "daemon/src/index\\.ts$", "runner/src/index\\.ts$"]),
    only("demo", [
      "contracts/src",
      "host/src",
      "cli/src",
      "core/src/(index|testing/index)\\.ts$",
      "daemon/src/index\\.ts$",
    ]),
    ...pure,
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
    exclude: { path: "/test/|^packages/dashboard/dist/|^packages/aedev/(?!bin/)" },
    tsPreCompilationDeps: "specify",
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "default", "types"],
      extensions: [".ts", ".js", ".cjs", ".mjs", ".json"],
    },
  },
};
