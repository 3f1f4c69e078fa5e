import { printable, type Checklist } from "../../model";

type Client = Checklist["clients"][number];

/** The checklist for people: plain text, or Markdown whose boxes can be ticked. */
export function renderChecklist(checklist: Checklist, format: "text" | "markdown"): string {
  const mark = format === "markdown" ? "- [ ] " : "  [ ] ";
  const heading = (text: string): string => (format === "markdown" ? `## ${text}` : text);
  const quoted = (text: string): string => (format === "markdown" ? `\`${printable(text)}\`` : printable(text));
  const { identityProvider, clientsByHand } = checklist;
  const intro = clientsByHand
    ? `The clients are made by hand, by the owner of ${identityProvider.title} (${identityProvider.issuer}).`
    : `The stack makes the clients below at ${identityProvider.title} (${identityProvider.issuer}); here they are for whoever checks.`;
  const sections = checklist.clients.map((client) =>
    [heading(`${client.platform}: a client for ${client.title}`), "", ...clientLines(client, quoted).map((line) => `${mark}${line}`)].join(
      "\n",
    ),
  );
  return `${[
    ...(format === "markdown" ? ["# What to set at the identity provider"] : []),
    intro,
    ...sections,
    ...list(heading("Settings beside the clients"), checklist.settings, mark),
    ...checklist.clients.flatMap(({ platform, title, ownersPart = [] }) =>
      list(heading(`${platform}: for the owner of this ${title}, which is installed already`), ownersPart, mark),
    ),
    ...list(heading("What does not work"), checklist.doesNotWork, format === "markdown" ? "- " : "  - "),
  ].join("\n\n")}\n`;
}

function clientLines(client: Client, quoted: (text: string) => string): string[] {
  const listed = (values: readonly string[]): string => values.map(quoted).join(", ");
  return [
    client.type === "public"
      ? "Public client: no secret, code flow with PKCE (S256) required."
      : `Confidential client, code flow only; it sends its secret by ${quoted(client.clientAuthentication ?? "")}${client.codeChallenge ? "; PKCE (S256) may be required" : "; PKCE must not be required, since the platform sends no code challenge"}.`,
    `Implicit, password, device and client credentials grants off; grant types: ${listed(client.grantTypes)}.`,
    ...client.redirectUris.map((uri) => `Redirect URI, exactly: ${quoted(uri)}`),
    ...client.postLogoutRedirectUris.map((uri) => `Sign-out redirect URI, exactly: ${quoted(uri)}`),
    `Scopes that it asks for, every one allowed: ${listed(client.scopes)}.`,
    `A claim ${quoted(client.usernameClaim)} in the ID token names the person for good.`,
    ...(client.groupsClaim === undefined
      ? []
      : [`A claim ${quoted(client.groupsClaim)} lists the person's groups, and can carry: ${listed(client.groups) || "none"}.`]),
  ];
}

function list(heading: string, sentences: readonly string[], mark: string): string[] {
  return sentences.length === 0 ? [] : [[heading, "", ...sentences.map((sentence) => `${mark}${sentence}`)].join("\n")];
}
