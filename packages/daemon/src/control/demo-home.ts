/** What a demo's home refuses: its missions are simulated, so nothing may act on them, and only browsers come and go. */
import type { RouteName } from "@aedev/contracts/api";
import { type CommandBody, type Refusal, refuse, type State } from "@aedev/core";

const allowedRoutes: ReadonlySet<RouteName> = new Set(["inviteBrowser", "signIn", "signOut"]);
const allowedCommands: ReadonlySet<CommandBody["kind"]> = new Set([
  "StartBrowserSession",
  "EndBrowserSession",
  "StartDaemon",
]);

export function isDemoHome({ log }: { readonly log: { readonly state: Pick<State, "system"> } }): boolean {
  return log.state.system.demo === true;
}

/** Why a request that would change something is refused in this home; null if it is not. */
export function demoRouteRefusal(control: Parameters<typeof isDemoHome>[0], route: RouteName): Refusal | null {
  return isDemoHome(control) && !allowedRoutes.has(route) ? refusal() : null;
}

/** Why a command is refused in this home; null if it is not. */
export function demoCommandRefusal({ system }: Pick<State, "system">, kind: CommandBody["kind"]): Refusal | null {
  return system.demo === true && !allowedCommands.has(kind) ? refusal() : null;
}

function refusal(): Refusal {
  return refuse(
    "demo-home",
    "this home is a demo: it can be looked at, and nothing in it can be changed",
    "aedev init",
  );
}
