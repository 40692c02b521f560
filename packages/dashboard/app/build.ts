/** Builds the web app into static files, which the daemon serves. No file comes from another origin. Run it with Node. */
import { routes } from "@aedev/contracts/api";
import { build } from "vite";

/** Method and path of each route, so that the app has the daemon's table without its schemas. */
const table = Object.fromEntries(Object.entries(routes).map(([name, { method, path }]) => [name, [method, path]]));

await build({
  configFile: false,
  root: import.meta.dirname,
  logLevel: "warn",
  define: { routeTable: JSON.stringify(table) },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // For the notices of the npm package.
    license: { fileName: ".vite/licences.json" },
    modulePreload: { polyfill: false },
    target: "es2023",
  },
  worker: { format: "es" },
});
