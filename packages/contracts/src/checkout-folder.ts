/** A folder of a repository as settings name it. */
import { z } from "zod";

/** A folder inside the checkout, with `/` between names: not the checkout itself, nothing outside it and nothing of git's. */
export const checkoutFolderSchema = z
  .string()
  .min(1)
  .max(300)
  .refine((path) => path.split("/").every((name) => !["", ".", "..", ".git"].includes(name.toLowerCase())), {
    error: "not a folder inside the checkout",
  });
