/**
 * Okta's management API, as the okta plugin reaches it: address and credentials from the stack's configuration, else the environment
 * (terraform-provider-okta okta/config/config.go).
 *
 * Functions here are carried into the resource's own code (see provider.ts), so they lean on nothing but JavaScript itself.
 */

/** A JSON object. */
export type Json = Record<string, unknown>;

/** A setting by its key in `okta:` or its environment variable; undefined where neither is there. */
export type Setting = (key: string, variable: string) => string | undefined;

/** One request. @returns the reply's JSON; undefined for a 404 @throws Error in Okta's words for every other status of 400 or more */
export type Call = (method: "GET" | "POST" | "DELETE", path: string, body?: Json) => Promise<unknown>;

/** The settings of Pulumi's okta provider that choose an organisation and who asks it. */
export const organisationSettings = [
  ...["httpProxy", "orgName", "baseUrl"],
  ...["apiToken", "accessToken", "clientId", "privateKeyId", "privateKey"],
];

/** Longest wait for the vendor's patience, in milliseconds. */
const longestWait = 60_000;
const attempts = 5;

function addressOf(setting: Setting): string {
  // The plugin takes httpProxy for the organisation's address itself.
  const proxy = setting("httpProxy", "OKTA_HTTP_PROXY");
  const [name, base] = [setting("orgName", "OKTA_ORG_NAME"), setting("baseUrl", "OKTA_BASE_URL")];
  if (proxy !== undefined) {
    return proxy.replace(/\/+$/, "");
  }
  if (name === undefined || base === undefined) {
    throw new Error(
      "okta: expected okta:orgName and okta:baseUrl (or OKTA_ORG_NAME and OKTA_BASE_URL), as the okta provider does; got not both.",
    );
  }
  return `https://${name}.${base}`;
}

/** An access token by a signed assertion (private_key_jwt; developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp). */
async function requestToken(address: string, setting: Setting, privateKey: string): Promise<string> {
  const { createSign, randomUUID } = process.getBuiltinModule("node:crypto");
  const clientId = setting("clientId", "OKTA_API_CLIENT_ID");
  const keyId = setting("privateKeyId", "OKTA_API_PRIVATE_KEY_ID");
  if (clientId === undefined) {
    throw new Error("okta: expected okta:clientId (or OKTA_API_CLIENT_ID) beside the private key, got none.");
  }
  const endpoint = `${address}/oauth2/v1/token`;
  const encoded = (part: Json): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const content = `${encoded({ alg: "RS256", ...(keyId === undefined ? {} : { kid: keyId }) })}.${encoded({
    ...{ iss: clientId, sub: clientId, aud: endpoint, iat: now, exp: now + 300, jti: randomUUID() },
  })}`;
  const assertion = `${content}.${createSign("RSA-SHA256").update(content).sign(privateKey, "base64url")}`;
  const form = {
    grant_type: "client_credentials",
    scope: "okta.apps.manage",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  };
  const reply = await fetch(endpoint, { method: "POST", body: new URLSearchParams(form) });
  const answer = (await reply.json().catch(() => ({}))) as Json;
  if (typeof answer["access_token"] !== "string") {
    const words = [answer["error_description"], answer["error"]].find((word) => typeof word === "string") ?? "no reason given";
    throw new Error(`Okta: expected an access token with the scope okta.apps.manage, got ${reply.status}: ${words}.`);
  }
  return answer["access_token"];
}

async function authorizationOf(address: string, setting: Setting): Promise<string> {
  const accessToken = setting("accessToken", "OKTA_ACCESS_TOKEN");
  const apiToken = setting("apiToken", "OKTA_API_TOKEN");
  const privateKey = setting("privateKey", "OKTA_API_PRIVATE_KEY");
  if (accessToken !== undefined) {
    return `Bearer ${accessToken}`;
  }
  if (apiToken !== undefined) {
    return `SSWS ${apiToken}`;
  }
  if (privateKey !== undefined) {
    return `Bearer ${await requestToken(address, setting, privateKey)}`;
  }
  throw new Error("okta: expected one of okta:apiToken, okta:accessToken and okta:privateKey, as the okta provider does; got none.");
}

function wordsOf(answer: Json): string {
  const causes = Array.isArray(answer["errorCauses"])
    ? (answer["errorCauses"] as Json[]).map((cause) => String(cause["errorSummary"]))
    : [];
  return (
    [answer["errorCode"], answer["errorSummary"], ...causes].filter((word) => typeof word === "string").join(": ") || "no reason given"
  );
}

/** Opens the organisation. */
export async function openOrganisation(setting: Setting): Promise<Call> {
  const address = addressOf(setting);
  const authorization = await authorizationOf(address, setting);
  return async (method, path, body) => {
    for (let attempt = 1; ; attempt++) {
      const reply = await fetch(address + path, {
        method,
        headers: { accept: "application/json", authorization, ...(body === undefined ? {} : { "content-type": "application/json" }) },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await reply.text();
      if (reply.status < 400) {
        return text === "" ? {} : (JSON.parse(text) as unknown);
      }
      if (reply.status === 404) {
        return undefined;
      }
      if (reply.status === 429 && attempt < attempts) {
        const wait = Number(reply.headers.get("x-rate-limit-reset")) * 1000 - Date.now();
        await new Promise((resolve) => setTimeout(resolve, Math.min(longestWait, Math.max(1000, wait))));
        continue;
      }
      const answer = text.startsWith("{") ? (JSON.parse(text) as Json) : {};
      const rights =
        reply.status === 401 || reply.status === 403
          ? " Fix: the account that deploys must manage apps: the scope okta.apps.manage, or a role that may edit this app's client credentials."
          : "";
      throw new Error(`Okta: expected ${method} ${path} to succeed, got ${reply.status}: ${wordsOf(answer)}.${rights}`);
    }
  };
}
