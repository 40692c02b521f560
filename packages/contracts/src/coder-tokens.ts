/** The secrets that are the coder's tokens. Each plane decides on its own who may read them. */

/** In order of use: the second token is used while the first one's limit is reached. */
export const coderTokenNames = ["AEDEV_CLAUDE_OAUTH_TOKEN", "AEDEV_CLAUDE_OAUTH_TOKEN_2"] as const;
