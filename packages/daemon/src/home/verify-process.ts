/** The process that `verifyBeside` starts: verifies the newest events of a home's log and sends the result. It may be ended at any time. */
import { verifyHome } from "./audit.ts";

const [, , home = ""] = process.argv;
process.send?.(verifyHome(home, { recent: true }), () => process.disconnect());
