/** Where the product's files are: the folder that holds `config/` and `packages/`. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const productRoot = dirname(dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))));
