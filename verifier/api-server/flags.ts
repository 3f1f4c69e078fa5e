import { InvalidRulesError } from "../errors";
import { signatureAlgorithms, type ApiServerRules } from "./rules";

const known = [
  "oidc-issuer-url",
  "oidc-client-id",
  "oidc-ca-file",
  "oidc-username-claim",
  "oidc-username-prefix",
  "oidc-groups-claim",
  "oidc-groups-prefix",
  "oidc-signing-algs",
  "oidc-required-claim",
  "anonymous-auth",
] as const;
type Flag = (typeof known)[number];

/**
 * Reads the `--oidc-*` flags out of a kube-apiserver's command line, one to a line or with blanks between, also as they stand in a static
 * Pod's manifest (`- --oidc-issuer-url=…`). Other flags are passed over. What they mean: kubernetes v1.36.3,
 * pkg/kubeapiserver/options/authentication.go (`ToAuthenticationConfig`).
 * @param readFile the content of `--oidc-ca-file`; left out, the authorities of this machine count
 * @throws InvalidRulesError where the API server would not start with them
 */
export function readOidcFlags(content: string, readFile?: (path: string) => string): ApiServerRules {
  const flags = parseFlags(content);
  const one = (flag: Flag): string | undefined => flags.get(flag)?.at(-1);
  const issuer = one("oidc-issuer-url") ?? "";
  const clientId = one("oidc-client-id") ?? "";
  if (issuer === "" || clientId === "") {
    throw new InvalidRulesError(
      "invalid_oidc_flags",
      "Expected --oidc-issuer-url and --oidc-client-id together, got only one of them, or none.",
    );
  }
  if (!issuer.startsWith("https://")) {
    throw new InvalidRulesError("invalid_oidc_flags", `--oidc-issuer-url: expected an https:// address, got ${issuer}.`);
  }
  const algorithms = (flags.get("oidc-signing-algs") ?? ["RS256"]).flatMap((list) => list.split(","));
  const strange = algorithms.find((name) => !(signatureAlgorithms as readonly string[]).includes(name));
  if (strange !== undefined) {
    throw new InvalidRulesError(
      "invalid_oidc_flags",
      `--oidc-signing-algs: expected some of ${signatureAlgorithms.join(", ")}, got ${strange}.`,
    );
  }
  const caFile = one("oidc-ca-file");
  const groupsClaim = one("oidc-groups-claim") ?? "";
  return {
    writtenAs: "flags",
    algorithms,
    anonymous: { enabled: one("anonymous-auth") !== "false", paths: [] },
    notJudged: caFile !== undefined && readFile === undefined ? [`--oidc-ca-file ${caFile}: this machine's authorities count instead`] : [],
    issuers: [
      {
        issuer,
        certificateAuthority: caFile === undefined ? undefined : readFile?.(caFile),
        audiences: [clientId],
        username: {
          claim: one("oidc-username-claim") ?? "sub",
          prefix: usernamePrefix(one("oidc-username-claim") ?? "sub", one("oidc-username-prefix") ?? "", issuer),
        },
        groups: groupsClaim === "" ? undefined : { claim: groupsClaim, prefix: one("oidc-groups-prefix") ?? "" },
        extra: [],
        claimRules: requiredClaims(flags.get("oidc-required-claim") ?? []),
        userRules: [],
      },
    ],
  };
}

/** Without a prefix every claim but the address gets the issuer's; `-` means none (kubernetes/kubernetes#31380). */
function usernamePrefix(claim: string, prefix: string, issuer: string): string {
  return prefix === "-" ? "" : prefix === "" && claim !== "email" ? `${issuer}#` : prefix;
}

function requiredClaims(pairs: readonly string[]): { claim: string; requiredValue: string }[] {
  const required = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 0) {
      throw new InvalidRulesError("invalid_oidc_flags", `--oidc-required-claim: expected key=value, got ${pair}.`);
    }
    required.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim());
  }
  return [...required].map(([claim, requiredValue]) => ({ claim, requiredValue }));
}

function parseFlags(content: string): Map<Flag, string[]> {
  const flags = new Map<Flag, string[]>();
  const words = content.match(/(?:"[^"\n]*"|'[^'\n]*'|[^\s"'])+/g) ?? [];
  for (let index = 0; index < words.length; index++) {
    const word = unquoted(words[index] ?? "");
    const [, name = "", value] = /^--([a-z0-9-]+)(?:=([\s\S]*))?$/.exec(word) ?? [];
    const flag = known.find((candidate) => candidate === name);
    if (flag === undefined) {
      if (name.startsWith("oidc-")) {
        throw new InvalidRulesError("invalid_oidc_flags", `Expected one of ${known.join(", ")}, got --${name}.`);
      }
      continue;
    }
    const given = value ?? (flag === "anonymous-auth" ? "true" : unquoted(words[++index] ?? ""));
    flags.set(flag, [...(flags.get(flag) ?? []), unquoted(given)]);
  }
  return flags;
}

function unquoted(word: string): string {
  return word.replace(/^(["'])([\s\S]*)\1$/, "$2").replace(/=(["'])([\s\S]*)\1$/, "=$2");
}
