/** Evidence of which files the base's own checks accessed. */
import { z } from "zod";

/** The most paths in each list of watched paths; a full list may lack some. */
export const watchedPathsMax = 20_000;
const watchedList = z.array(z.string().max(4096)).max(watchedPathsMax);
/** What the base's own checks did with files of the checkout, as strace saw it. Paths are relative to the checkout and sorted; outputs of prepare are left out. */
export const watchedPathsSchema = z.strictObject({
  opened: watchedList,
  /** Paths that the checks looked for in vain, except paths inside a folder that was missing itself: a new file there could take the place of the file that is used now. */
  probed: watchedList,
  written: watchedList,
  executed: watchedList,
  /** Opened files that only the tests use: data, fixtures, helpers. */
  support: watchedList,
  /** Top-level Python modules of the interpreter and of installed packages that the checks loaded. */
  modules: watchedList,
  /** Folders from which Python may import top-level modules; "" is the checkout. */
  module_folders: watchedList,
  /** How many entries were left out of the lists that the rules read: `probed`, `support`, `modules` and `module_folders`. */
  omitted: z.int().nonnegative(),
});
export type WatchedPaths = z.infer<typeof watchedPathsSchema>;
