/**
 * Part of the guard for vitest: lets Vite before 6.1 load its configuration from a read-only checkout. These versions write a bundled copy beside the original
 * with fs/promises and import it. If that write is refused, this part uses `node_modules/.vite-temp`, as later versions do. It does nothing for versions so old
 * that they write the copy synchronously. Pure.
 */

export const viteConfigurationSource = `
const filePromises = require('node:fs/promises');
const { existsSync } = require('node:fs');
const { basename, dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');
const bundledConfiguration = /\\.timestamp-\\d+(?:-[\\w.]+)?\\.mjs$/;
const writeAnywhere = filePromises.writeFile;
const movedConfigurations = new Map();
function moveConfiguration(from, to) {
  if (movedConfigurations.size === 0)
    Module.registerHooks({
      resolve(specifier, context, next) {
        const url = movedConfigurations.get(specifier.split('?')[0]);
        return url === undefined ? next(specifier, context) : { url, format: 'module', shortCircuit: true };
      },
    });
  movedConfigurations.set(pathToFileURL(from).href, pathToFileURL(to).href);
}
function viteFolder(from) {
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    const found = join(folder, 'node_modules', '.vite-temp');
    if (existsSync(found)) return found;
    if (folder === dirname(folder)) return null;
  }
}
const writeFileOrMove = async function (path, ...rest) {
  try {
    return await writeAnywhere(path, ...rest);
  } catch (error) {
    const isVite = error.code === 'EROFS' && typeof path === 'string' && bundledConfiguration.test(path);
    const folder = isVite && Module.registerHooks ? viteFolder(path) : null;
    if (folder === null) throw error;
    const place = join(folder, basename(path));
    await writeAnywhere(place, ...rest);
    moveConfiguration(path, place);
  }
};
for (const key of ['name', 'length']) defineProperty(writeFileOrMove, key, getOwnPropertyDescriptor(writeAnywhere, key));
filePromises.writeFile = writeFileOrMove;
`;
