/**
 * The loopback redirect of `gatehouse login`, where a stack registers it. One exact address, since Okta matches ports too;
 * `localhost` rather than 127.0.0.1, which Entra's portal accepts for it (learn.microsoft.com, redirect URI restrictions).
 */
export const diagnosticRedirectUri = "http://localhost:18999/callback";
