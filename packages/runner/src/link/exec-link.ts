/** The link for engines whose shared folders pass no sockets: a relay in the container uses an exec's standard streams. Its output is untrusted. */
import { connect } from "node:net";
import { basename } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Fault } from "@aedev/contracts";
import type { RunnerContext } from "../engine/context.ts";
import type { Attached } from "../engine/engine.ts";
import { createMultiplexer } from "./inside/multiplex.ts";
import type { OpenLink, SandboxLink } from "./link.ts";
import { linkPrograms, programsTarget } from "./link-programs.ts";

const firstPauseMs = 100;
const pauseMsMax = 2000;
const readyTimeoutMs = 10_000;
/** After a relay has lived this long, the restart delay starts over. */
const healthyMs = 10_000;

export const execLink: SandboxLink = {
  kind: "exec",
  place: async ({ images }, context) => ({
    mounts: [await linkPrograms(images, context)],
    tmpfs: ["/run/aedev"],
  }),
  waitFor: (name) => `n=0; while [ ! -S /run/aedev/${name} ] && [ $n -lt 200 ]; do n=$((n + 1)); sleep 0.1; done\n`,
  async open(target, context) {
    const relays = new Relays(target, context);
    await relays.firstReady();
    return relays;
  },
};

/** Runs one relay after another until it is closed or the container ends. */
class Relays implements OpenLink {
  readonly #at: { containerId: string; socketPath: string };
  readonly #context: RunnerContext;
  readonly #ended: Promise<void>;
  readonly #close = new AbortController();
  #onReady: () => void = () => undefined;
  #attached: Attached | null = null;

  constructor(target: { containerId: string; socketPath: string }, context: RunnerContext) {
    this.#at = target;
    this.#context = context;
    this.#ended = this.#keep();
  }

  /** Resolves when the first relay listens, but after ten seconds at the latest; programs in the container wait for the socket anyway. */
  async firstReady(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      this.#onReady = resolve;
    });
    const late = new AbortController();
    await Promise.race([
      ready,
      this.#ended,
      delay(readyTimeoutMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  async close(): Promise<void> {
    this.#close.abort();
    this.#attached?.end();
    await this.#ended;
  }

  async #keep(): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!this.#close.signal.aborted) {
      const began = performance.now();
      if ((await this.#relayOnce()) === "container gone") return;
      if (performance.now() - began > healthyMs) pauseMs = firstPauseMs;
      await delay(pauseMs, undefined, { signal: this.#close.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, pauseMsMax);
    }
  }

  /** Runs one relay until it ends. A failure of the engine ends it too; the code that waits for the container reports that. */
  async #relayOnce(): Promise<"ended" | "container gone"> {
    const { docker, user } = this.#context;
    const { containerId, socketPath } = this.#at;
    try {
      const attached = await docker.attach(containerId, relayCommand(basename(socketPath)), {
        user: `${user.uid}:${user.gid}`,
      });
      this.#attached = attached;
      if (this.#close.signal.aborted) attached.end();
      const multiplexer = createMultiplexer({
        send: attached.write,
        connect: () => connect({ path: socketPath, allowHalfOpen: true }),
        onReady: () => this.#onReady(),
      });
      attached.onOutput(multiplexer.receive);
      await attached.ended;
      multiplexer.close();
      return (await docker.inspect(containerId))?.running === true ? "ended" : "container gone";
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return this.#isGone();
    }
  }

  async #isGone(): Promise<"ended" | "container gone"> {
    try {
      return (await this.#context.docker.inspect(this.#at.containerId))?.running === true ? "ended" : "container gone";
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return "ended";
    }
  }
}

function relayCommand(socketName: string): string[] {
  return [
    `${programsTarget}/node`,
    "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
    `${programsTarget}/relay.ts`,
    `/run/aedev/${socketName}`,
  ];
}
