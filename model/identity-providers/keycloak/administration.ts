/**
 * A token for Keycloak's admin API, by the client credentials of a service account. What its lack means is for whoever asks to say.
 */
import { keycloakRealm } from "./issuer";

type Variable = (name: string) => string | undefined;

interface Source {
  readonly issuer: string;
  readonly variable: Variable;
  readonly fetch: (
    url: string,
    init: { readonly method: string; readonly headers: Record<string, string>; readonly body: string },
  ) => Promise<{ readonly status: number; text(): Promise<string> }>;
}

/** Where the account gets its tokens: it may be of another realm than the people. */
export function tokenEndpoint({ issuer, variable }: Pick<Source, "issuer" | "variable">): string {
  const { base, realm } = keycloakRealm(issuer);
  return `${base}/realms/${encodeURIComponent(variable("KEYCLOAK_REALM") ?? realm)}/protocol/openid-connect/token`;
}

/**
 * @returns the answer's status, and the token; undefined where none was given
 * @throws what `fetch` throws where nobody answers
 */
export async function requestToken(source: Source): Promise<{ readonly status: number; readonly token: string | undefined }> {
  const form = {
    grant_type: "client_credentials",
    client_id: source.variable("KEYCLOAK_CLIENT_ID") ?? "",
    client_secret: source.variable("KEYCLOAK_CLIENT_SECRET") ?? "",
  };
  const answer = await source.fetch(tokenEndpoint(source), {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(form).toString(),
  });
  const token = answer.status === 200 ? /"access_token"\s*:\s*"([\w.-]+)"/.exec(await answer.text())?.[1] : undefined;
  return { status: answer.status, token };
}
