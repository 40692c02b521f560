/** The link on Linux: mounts the socket's folder read-only, and the container connects to the socket. It mounts the folder and not the socket so that a restarted runner's new socket is visible. */
import type { SandboxLink } from "./link.ts";

export const socketLink: SandboxLink = {
  kind: "socket",
  place: async ({ socketFolder }) => ({
    mounts: [{ source: socketFolder, target: "/run/aedev", readOnly: true }],
    tmpfs: [],
  }),
  waitFor: () => "",
  open: async () => ({ close: async () => undefined }),
};
