import { identityProviders, type Directory, type DirectoryDefinition } from "../../../model";

/** Readers of directories with a vendor that answers as a test says. */
export type Answer = { readonly status?: number; readonly body?: unknown; readonly headers?: Record<string, string> } | undefined;
export type Routes = (path: string, query: URLSearchParams, headers: Record<string, string>) => Answer;

export const issuers = {
  okta: "https://example.okta.com/oauth2/default",
  entra: "https://login.microsoftonline.com/6d2374b4-aceb-42ac-966a-716a93f07db0/v2.0",
  keycloak: "https://id.example.com/auth/realms/main",
} as const;
export type Kind = keyof typeof issuers;

const variables: Record<string, string> = {
  OKTA_ACCESS_TOKEN: "okta-token",
  GATEHOUSE_GRAPH_TOKEN: "graph-token",
  KEYCLOAK_CLIENT_ID: "reader",
  KEYCLOAK_CLIENT_SECRET: "a secret",
};

export const definitionOf = (kind: Kind): DirectoryDefinition => {
  const { directory } = identityProviders[kind];
  if (directory === undefined) {
    throw new Error(`${kind}: expected a reader`);
  }
  return directory;
};

export const anyToken = (_form: URLSearchParams): Response => Response.json({ access_token: "kc.token.x" });

export async function open(
  kind: Kind,
  routes: Routes,
  asked: string[] = [],
  environment = variables,
  tokens: (form: URLSearchParams) => Response = anyToken,
): Promise<Directory> {
  return definitionOf(kind).open({
    issuer: issuers[kind],
    variable: (name) => environment[name],
    pause: () => Promise.resolve(),
    now: () => new Date("2026-11-23T12:00:00Z"),
    fetch: (address, init) => {
      const url = new URL(address);
      asked.push(`${url.host}${url.pathname}`);
      if (init.method === "POST") {
        return Promise.resolve(tokens(new URLSearchParams(init.body)));
      }
      const answer = routes(url.pathname, url.searchParams, init.headers);
      const body = typeof answer?.body === "string" ? answer.body : JSON.stringify(answer?.body ?? {});
      return Promise.resolve(new Response(body, { status: answer === undefined ? 404 : (answer.status ?? 200), headers: answer?.headers }));
    },
  });
}
