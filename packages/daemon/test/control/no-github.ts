/** Access to GitHub without a credential, for tests about something else. */
import { type GitHubAccess, openGitHubAccess } from "../../src/github/credential.ts";

export const noGitHub: GitHubAccess = openGitHubAccess({
  github: {
    url: "https://github.com",
    apiUrl: "https://api.github.com",
    appId: null,
    mergeMethod: null,
    reviewInstructions: true,
    webhookPort: null,
    labels: [],
    pollMs: 30_000,
    waitMs: 86_400_000,
    timeoutMs: 30_000,
  },
  secrets: () => ({}),
});
