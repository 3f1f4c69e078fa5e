import { send } from "../../machine/http";

/** An account of the server's own kind: a client with a secret and a service account. */
export interface ServiceAccount {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Keycloak's admin API, as one service account. */
export interface Administration {
  /**
   * @param path below `/admin/realms`, such as `/lab/users`
   * @returns the parsed body; undefined where there is none
   * @throws Error with Keycloak's own words for any other status than 2xx
   */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
}

/**
 * @param origin `https://127.0.0.1:18445`
 * @param realm the realm in which the account is
 */
export function administration(origin: string, ca: string, realm: string, account: ServiceAccount): Administration {
  const token = async (): Promise<string> => {
    const form = { grant_type: "client_credentials", client_id: account.clientId, client_secret: account.clientSecret };
    const answer = await send(
      new URL(`${origin}/realms/${encodeURIComponent(realm)}/protocol/openid-connect/token`),
      { ca },
      { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(form).toString() },
    );
    if (answer.status !== 200) {
      throw new Error(`The lab's Keycloak: expected a token for its account, got status ${answer.status}: ${answer.body.slice(0, 300)}`);
    }
    return (JSON.parse(answer.body) as { access_token: string }).access_token;
  };
  return {
    async call(method, path, body) {
      // A token lives for a minute, and calls are few: each has its own.
      const headers = { authorization: `Bearer ${await token()}`, "content-type": "application/json" };
      const answer = await send(
        new URL(`${origin}/admin/realms${path}`),
        { ca },
        { method, headers, body: body === undefined ? undefined : JSON.stringify(body), timeoutMs: 300_000 },
      );
      if (answer.status < 200 || answer.status > 299) {
        throw new Error(
          `The lab's Keycloak: expected ${method} ${path} to succeed, got status ${answer.status}: ${answer.body.slice(0, 300)}`,
        );
      }
      return answer.body === "" ? undefined : (JSON.parse(answer.body) as unknown);
    },
  };
}
