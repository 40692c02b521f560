/** The product's root folder, which contains `config/` and `packages/`. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const productRoot = dirname(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))));
