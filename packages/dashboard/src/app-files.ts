/** Where the built web app is, and the addresses of its pages. Set-up builds it from the folder `app`. */
import { fileURLToPath } from "node:url";

/** The folder of the built files. It does not exist before set-up. */
export const appFolder: string = fileURLToPath(new URL("../dist", import.meta.url));

/** The app's pages; a parameter is written `:name`. All of them are one file, which reads the address. */
export const appPages = [
  "/",
  "/sign-in",
  "/inbox",
  "/board",
  "/triage",
  "/analytics",
  "/models",
  "/prompts",
  "/repositories",
  "/repositories/:name",
  "/roadmap",
  "/roadmap/:name",
  "/sessions",
  "/settings",
  "/new",
  "/browsers",
  "/missions/:id",
] as const;
