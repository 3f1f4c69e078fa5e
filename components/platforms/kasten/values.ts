import { kastenChartContract } from "../../../model";
import type { ChartValues } from "../chart-values";

/** The sign-in of K10, as the chart's values name things. */
export interface KastenSignIn {
  /** Exact chart version; it decides which keys exist. */
  readonly chartVersion: string;
  /** Issuer, byte for byte as discovery gives it. */
  readonly issuer: string;
  /** `https://host`: the chart wants the base, and composes the callback itself. */
  readonly host: string;
  readonly scopes: readonly string[];
  readonly prompt: string;
  readonly username: { readonly claim: string; readonly prefix: string };
  readonly groups: { readonly claim: string; readonly prefix: string };
  readonly sessionDuration: string;
  readonly refreshTokens: boolean;
  /** Send a PKCE code challenge, whatever the issuer offers. */
  readonly requirePkce?: boolean;
  /** The user's own `auth.oidcAuth.logoutURL`. */
  readonly logoutUrl?: string;
  /** The user's own `auth.groupAllowList`. */
  readonly groupAllowList?: readonly string[];
}

/** Content of the Secret that K10 reads, under the keys of its chart. */
export function kastenSecretContent(
  signIn: KastenSignIn,
  client: { readonly id: string; readonly secret: string },
): Record<string, string> {
  const credentials = { "client-id": client.id, "client-secret": client.secret };
  const contract = requireContract(signIn.chartVersion);
  return contract.secretHolds === "credentials"
    ? credentials
    : {
        // Charts that know no clientSecretName take the whole configuration from auth.oidcAuth.secretName, under the keys of their
        // own k10-oidc-auth, and render none of it themselves (templates/secrets.yaml; the mixed spelling is the vendor's).
        ...credentials,
        "provider-url": signIn.issuer,
        "redirect-url": signIn.host,
        scopes: signIn.scopes.join(" "),
        prompt: signIn.prompt,
        usernameClaim: signIn.username.claim,
        usernamePrefix: signIn.username.prefix,
        groupClaim: signIn.groups.claim,
        groupPrefix: signIn.groups.prefix,
        // From 6.0.7 on; older ones do not look for them.
        sessionDuration: signIn.sessionDuration,
        refreshTokenSupport: String(signIn.refreshTokens),
        groupAllowList: (signIn.groupAllowList ?? []).join("\n"),
        // The chart encodes this one key itself, before the API server does so again.
        "logout-url": Buffer.from(signIn.logoutUrl ?? "").toString("base64"),
      };
}

/**
 * The chart values that make K10 sign people in. They name the Secret and hold no secret.
 * @param secretName a text, or an output that stands for one
 */
export function kastenValues(signIn: KastenSignIn, secretName: unknown): ChartValues {
  const contract = requireContract(signIn.chartVersion);
  if (contract.secretHolds === "configuration") {
    return { auth: { oidcAuth: { enabled: true, secretName } } };
  }
  return {
    auth: {
      // A port-forward on plain HTTP cannot carry cookies marked Secure.
      ...(contract.secureCookies && signIn.host.startsWith("http:") ? { secureCookies: false } : {}),
      oidcAuth: {
        enabled: true,
        providerURL: signIn.issuer,
        redirectURL: signIn.host,
        scopes: signIn.scopes.join(" "),
        prompt: signIn.prompt,
        clientSecretName: secretName,
        usernameClaim: signIn.username.claim,
        usernamePrefix: signIn.username.prefix,
        groupClaim: signIn.groups.claim,
        groupPrefix: signIn.groups.prefix,
        sessionDuration: signIn.sessionDuration,
        refreshTokenSupport: signIn.refreshTokens,
        // Left out where it is not asked for: charts before 9.0 do not know it.
        ...(signIn.requirePkce === true ? { pkceRequired: true } : {}),
      },
    },
  };
}

/**
 * What the chart of this version understands.
 * @throws Error for a version whose contract was not read: a key that it does not know would fail in the middle of an update
 */
export function requireContract(version: string): Extract<ReturnType<typeof kastenChartContract>, { supported: true }> {
  const contract = kastenChartContract(version);
  if (!contract.supported) {
    throw new Error(`Kasten K10 chart version: expected ${contract.expected}, got ${version}.`);
  }
  return contract;
}
