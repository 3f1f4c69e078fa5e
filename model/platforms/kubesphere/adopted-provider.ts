import { z } from "zod";
import type { AdoptionRemark } from "../adoption";
import { chartValue } from "../chart-values";
import { describeReceived, type Problem } from "../../text/problems";
import { isKubeSphereProvider } from "./common";

/** An identity provider as KubeSphere reads it, and where it stands. */
export interface ProviderEntry {
  readonly release: 3 | 4;
  readonly entry: Readonly<Record<string, unknown>>;
  /** The path of the entry in its object. */
  readonly path: readonly (string | number)[];
}

/** What the entry says, in the words of a stack file. */
export interface AdoptedProvider {
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly remarks: readonly AdoptionRemark[];
  readonly problems: readonly Problem[];
}

/** The kind of provider that speaks OpenID Connect (kubesphere/kubesphere, pkg/apiserver/authentication/identityprovider/oidc). */
export const openIdProvider = "OIDCIdentityProvider";

/** Keys that KubeSphere knows in an entry and below its `provider`; others it ignores, and the stack does not write them again. */
const knownKeys: Readonly<Record<3 | 4, readonly string[]>> = {
  3: ["name", "type", "mappingMethod", "disableLoginConfirmation", "provider"],
  4: ["name", "type", "mappingMethod", "displayName", "hidden", "disabled", "provider"],
};
const knownOptions = [
  ...["issuer", "clientID", "clientSecret", "redirectURL", "postLogoutRedirectURI", "scopes"],
  ...["getUserInfo", "insecureSkipVerify", "emailKey", "preferredUsernameKey"],
];

const callbackPath = "/oauth/redirect/";

export function adoptedProvider(found: ProviderEntry): AdoptedProvider {
  const { release, entry } = found;
  const name = textAt(entry, ["name"]);
  const method = textAt(entry, ["mappingMethod"]);
  const isAuto = method === "auto";
  const console = hostOf(entry);
  const [emailKey, usernameKey] = [textAt(entry, ["provider", "emailKey"]), textAt(entry, ["provider", "preferredUsernameKey"])];
  return {
    name,
    issuer: textAt(entry, ["provider", "issuer"]),
    clientId: textAt(entry, ["provider", "clientID"]),
    settings: {
      host: console,
      ...(console.startsWith("http:") ? { insecureHttp: true } : {}),
      provider: name,
      ...(isAuto || (release === 4 && method === "manual") ? { mappingMethod: method } : {}),
      ...(isAuto && release === 3 && isOn(entry, ["disableLoginConfirmation"]) ? { disableLoginConfirmation: true } : {}),
      ...(isAuto && release === 4 ? { insecureAutoTakesOverAccounts: true } : {}),
      ...(release === 4 ? shownAs(entry, name) : {}),
      ...(["", "email"].includes(emailKey) ? {} : { emailKey }),
      ...(["", "preferred_username"].includes(usernameKey) ? {} : { preferredUsernameKey: usernameKey }),
      ...(isOn(entry, ["provider", "insecureSkipVerify"]) ? { insecureSkipVerify: true } : {}),
      adopted: true,
    },
    remarks: remarksOf(found, { method, console }),
    problems: problemsOf(found, { name, console }),
  };
}

/** What release 4 shows of it. */
function shownAs(entry: unknown, name: string): Record<string, unknown> {
  const displayName = textAt(entry, ["displayName"]);
  return { ...(["", name].includes(displayName) ? {} : { displayName }), ...(isOn(entry, ["hidden"]) ? { hidden: true } : {}) };
}

/** The console's address, from the callback. */
function hostOf(entry: unknown): string {
  const redirect = textAt(entry, ["provider", "redirectURL"]);
  return URL.canParse(redirect) ? new URL(redirect).origin : "";
}

/** What signs in beside the people who have an account. */
const methodRemarks: Readonly<Record<3 | 4, Readonly<Record<string, string>>>> = {
  3: {
    auto: "found as it is: whomever the identity provider lets in gets an account, without a role; safe: lookup, then only people of the stack sign in.",
    lookup: "",
  },
  4: {
    auto: "found as it is: whomever the identity provider lets in gets an account, or the one that has the name already, its roles included; safe: lookup.",
    manual: "found as it is: whomever the identity provider lets in registers a user name, and has no role; safe: lookup.",
    lookup: "",
  },
};

function remarksOf({ release, entry }: ProviderEntry, found: { readonly method: string; readonly console: string }): AdoptionRemark[] {
  const { method, console } = found;
  const scopes = listAt(entry, ["provider", "scopes"]) ?? [];
  const gone = [
    ...Object.keys(entry).filter((key) => !knownKeys[release].includes(key)),
    ...Object.keys(entry["provider"] ?? {}).filter((key) => !knownOptions.includes(key)),
  ];
  const known = methodRemarks[release][method];
  const otherwise = `found ${method === "" ? "nothing" : JSON.stringify(method)}, with which KubeSphere ${release} lets in people who have an account and nobody else: the stack's lookup does the same.`;
  const remarks: readonly (readonly [string, string])[] = [
    ["mappingMethod", known ?? otherwise],
    ["insecureHttp", console.startsWith("http:") ? "found as it is: sessions cross the network in the clear; safe: https." : ""],
    [
      "insecureSkipVerify",
      isOn(entry, ["provider", "insecureSkipVerify"])
        ? "found as it is: the issuer's certificate is not checked; safe: leave it out, where the certificate is from a public authority."
        : "",
    ],
    [
      "provider",
      scopes.includes("openid")
        ? `scopes today: ${scopes.join(", ")}, of which KubeSphere asks for openid alone, since it is listed; the stack asks for email and profile beside it.`
        : "",
    ],
    ["provider", gone.length === 0 ? "" : `${gone.sort().join(", ")} in the entry: not written again, since KubeSphere does not use it.`],
  ];
  return remarks.filter(([, text]) => text !== "").map(([setting, text]) => ({ setting, text }));
}

function problemsOf(
  { entry, path, release }: ProviderEntry,
  { name, console }: { readonly name: string; readonly console: string },
): Problem[] {
  const at = (...keys: string[]): (string | number)[] => [...path, ...keys];
  const redirect = textAt(entry, ["provider", "redirectURL"]);
  const secret = chartValue(entry, ["provider", "clientSecret"]);
  const expected = `${console || "https://<console>"}${callbackPath}${name}`;
  return [
    ...(isKubeSphereProvider(name)
      ? []
      : [
          {
            path: at("name"),
            expected: "a name of at most 45 letters, digits, and inner dashes, dots and underscores: people are marked with it, in labels",
            received: describeReceived(name, []),
            fix: "give the provider another name, in the app's redirect URI and in the marks of its people as well, then adopt",
          },
        ]),
    ...["issuer", "clientID"]
      .filter((key) => textAt(entry, ["provider", key]) === "")
      .map((key) => ({ path: at("provider", key), expected: "a value", received: "nothing", ...withoutIssuer(key) })),
    ...(typeof secret === "string" && secret !== ""
      ? []
      : [
          {
            path: at("provider", "clientSecret"),
            expected: "the client secret, a text",
            received: secret === undefined ? "nothing" : typeof secret,
          },
        ]),
    ...(redirect === expected
      ? []
      : [
          {
            path: at("provider", "redirectURL"),
            expected: `${expected}: the console takes the provider's name from the path, and compares capitals and small letters`,
            received: describeReceived(redirect, []),
            fix: "correct it, at the identity provider too, and see that people sign in, then adopt",
          },
        ]),
    ...(release === 4 && isOn(entry, ["disabled"])
      ? [{ path: at("disabled"), expected: "a provider that is in use", received: "true", fix: "enable it first, or leave it alone" }]
      : []),
  ];
}

function withoutIssuer(key: string): { readonly fix?: string } {
  return key === "issuer"
    ? { fix: "write the issuer in place of endpoints: without one, KubeSphere checks no signature of an ID token" }
    : {};
}

function textAt(entry: unknown, path: readonly string[]): string {
  const value = chartValue(entry, path);
  return typeof value === "string" ? value : "";
}

/** Hand-written files have booleans in quotes as well. */
function isOn(entry: unknown, path: readonly string[]): boolean {
  const value = chartValue(entry, path);
  return value === true || value === "true";
}

function listAt(entry: unknown, path: readonly string[]): readonly string[] | undefined {
  const read = z.array(z.string()).safeParse(chartValue(entry, path));
  return read.success ? read.data : undefined;
}
