import { createPrivateKey, randomUUID, sign, type KeyObject } from "node:crypto";
import { z } from "zod";
import { jsonOrNothing } from "../../text/printable";
import { UnreadableDirectoryError, type DirectorySource } from "../directory";

/** An API service app of the organisation, which signs in with a key of its own. */
export interface ServiceApp {
  readonly clientId: string | undefined;
  readonly keyId: string | undefined;
  /** PEM. */
  readonly privateKey: string;
}

const answerSchema = z.looseObject({ access_token: z.string() });
const refusalSchema = z.looseObject({ error_description: z.string().optional(), error: z.string().optional() });
const lifetimeSeconds = 300;

/**
 * An access token with these scopes and no others, by a signed assertion (private_key_jwt;
 * developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp).
 * @throws UnreadableDirectoryError in Okta's words: it names a scope that the app was not granted
 */
export async function serviceAppToken(
  source: DirectorySource,
  address: string,
  app: ServiceApp,
  scopes: readonly string[],
): Promise<string> {
  const endpoint = `${address}/oauth2/v1/token`;
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    scope: scopes.join(" "),
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertionFor(app, endpoint, source.now()),
  });
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  const response = await source
    .fetch(endpoint, { method: "POST", headers, body: form.toString(), redirect: "manual" })
    .catch(() => undefined);
  if (response === undefined) {
    throw new UnreadableDirectoryError("directory_answer", `Expected an access token from ${endpoint}, got no answer.\nFix: try again.`);
  }
  const body = jsonOrNothing(await response.text());
  const answer = answerSchema.safeParse(body);
  if (response.status === 200 && answer.success) {
    return answer.data.access_token;
  }
  const refusal = refusalSchema.safeParse(body).data;
  const words = refusal?.error_description ?? refusal?.error ?? "no reason given";
  throw new UnreadableDirectoryError(
    refusal?.error === "invalid_scope" ? "directory_rights" : "directory_credentials",
    `Expected an access token with ${scopes.join(", ")} from ${endpoint}, got status ${response.status}: ${words}.\nFix: grant the service app these scopes, and check OKTA_API_CLIENT_ID, OKTA_API_PRIVATE_KEY and OKTA_API_PRIVATE_KEY_ID.`,
  );
}

function assertionFor({ clientId, keyId, privateKey }: ServiceApp, audience: string, now: Date): string {
  if (clientId === undefined) {
    throw new UnreadableDirectoryError(
      "directory_credentials",
      "Expected OKTA_API_CLIENT_ID beside OKTA_API_PRIVATE_KEY, got none.\nFix: set it to the service app's client ID.",
    );
  }
  const { key, algorithm } = signingKey(privateKey);
  const issued = Math.floor(now.getTime() / 1000);
  const claims = { iss: clientId, sub: clientId, aud: audience, iat: issued, exp: issued + lifetimeSeconds, jti: randomUUID() };
  const content = [{ alg: algorithm, ...(keyId !== undefined && { kid: keyId }) }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  // JWS has an ECDSA signature as two numbers (RFC 7518, 3.4), not as DER.
  const signature = sign("sha256", Buffer.from(content), { key, dsaEncoding: "ieee-p1363" });
  return `${content}.${signature.toString("base64url")}`;
}

function signingKey(pem: string): { key: KeyObject; algorithm: "RS256" | "ES256" } {
  let key: KeyObject | undefined;
  try {
    // Pipelines that keep a variable on one line write its line ends so.
    key = createPrivateKey(pem.replaceAll("\\n", "\n"));
  } catch {
    // OpenSSL's words may quote the input.
  }
  if (key?.asymmetricKeyType === "rsa") {
    return { key, algorithm: "RS256" };
  }
  if (key?.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1") {
    return { key, algorithm: "ES256" };
  }
  const got = key === undefined ? "something else" : (key.asymmetricKeyType ?? "a key of another kind");
  throw new UnreadableDirectoryError(
    "directory_credentials",
    `Expected a private key of RSA or ECDSA P-256 in PEM in OKTA_API_PRIVATE_KEY, got ${got}.\nFix: set the key that was made for the service app at Okta.`,
  );
}
