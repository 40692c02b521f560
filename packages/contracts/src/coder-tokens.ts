/** Which secrets are the coder's tokens. Who may read them is the planes' own affair. */

/** In the order in which they are used: the second one while the first one's limit is reached. */
export const coderTokenNames = ["AEDEV_CLAUDE_OAUTH_TOKEN", "AEDEV_CLAUDE_OAUTH_TOKEN_2"] as const;
