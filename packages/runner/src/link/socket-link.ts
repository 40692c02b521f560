/** The link on Linux: the container connects to a socket in a read-only folder. Through the folder it also sees a restarted runner's new socket. */
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
