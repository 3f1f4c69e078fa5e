import { z } from "zod";
import type { Problem } from "../../text/problems";
import type { FoundTrust } from "./adopted-trust";

/** Every value of every `--oidc-…` and `--authentication-config` flag, by its name without dashes. */
export type FoundFlags = Readonly<Record<string, readonly string[]>>;

const podsSchema = z.looseObject({
  items: z.array(
    z.looseObject({
      spec: z.looseObject({
        containers: z.array(z.looseObject({ command: z.array(z.string()).optional(), args: z.array(z.string()).optional() })),
      }),
    }),
  ),
});

/** The flags of each API server, from the static pods that kubeadm makes. */
export function flagsOfPods(answer: unknown): FoundFlags[] {
  const read = podsSchema.safeParse(answer);
  return read.success
    ? read.data.items.map(({ spec }) => flagsOf(spec.containers.flatMap(({ command = [], args = [] }) => [...command, ...args])))
    : [];
}

/** One flag a line, as a manifest or a unit file has them. */
export function flagsOfText(text: string): FoundFlags {
  const words = text.split("\n").map((line) =>
    line
      .trim()
      .replace(/^- /, "")
      .replace(/\s*\\$/, ""),
  );
  return flagsOf(words.flatMap((word) => splitFlag(unquoted(word))));
}

function unquoted(word: string): string {
  return /^(["']).*\1$/.test(word) ? word.slice(1, -1) : word;
}

/** `--flag value` in one line. */
function splitFlag(line: string): string[] {
  const [, flag, value] = /^(--[a-z-]+)\s+(.+)$/.exec(line) ?? [];
  return flag === undefined || value === undefined ? [line] : [flag, unquoted(value)];
}

function flagsOf(words: readonly string[]): FoundFlags {
  const found: Record<string, string[]> = {};
  words.forEach((word, position) => {
    const [, name, written] = /^--(oidc-[a-z-]+|authentication-config)(?:=(.*))?$/s.exec(word) ?? [];
    const value = written ?? words[position + 1];
    if (name !== undefined && value !== undefined) {
      (found[name] ??= []).push(unquoted(value));
    }
  });
  return found;
}

/** The trust that flags amount to, with kube-apiserver's defaults; undefined where there is none. */
export function trustOfFlags(flags: FoundFlags): FoundTrust | undefined {
  const flag = (name: string): string => flags[name]?.at(-1) ?? "";
  if (flag("authentication-config") !== "") {
    return notHandedOver(flag("authentication-config"));
  }
  const issuer = flag("oidc-issuer-url");
  if (issuer === "") {
    return undefined;
  }
  const claim = flag("oidc-username-claim") || "sub";
  const written = flag("oidc-username-prefix");
  // Without the flag: none for email, and the issuer's address for any other claim (kubernetes.io, "Authenticating", "OpenID Connect Tokens").
  const implied = claim === "email" ? "" : `${issuer}#`;
  return {
    from: "--oidc flags",
    issuer,
    audiences: [flag("oidc-client-id")],
    username: { claim, prefix: written === "-" ? "" : written || implied },
    groups: { claim: flag("oidc-groups-claim"), prefix: flag("oidc-groups-prefix") },
    requiredClaims: Object.fromEntries((flags["oidc-required-claim"] ?? []).map(pairOf)),
    problems: problemsOf(flags),
  };
}

/** `claim=value`; the value may have more of these signs. */
function pairOf(text: string): [claim: string, value: string] {
  const position = text.indexOf("=");
  return position < 0 ? [text, ""] : [text.slice(0, position), text.slice(position + 1)];
}

function notHandedOver(path: string): FoundTrust {
  return {
    from: "AuthenticationConfiguration",
    issuer: "",
    audiences: [],
    username: { claim: "", prefix: "" },
    groups: { claim: "", prefix: "" },
    requiredClaims: {},
    problems: [
      {
        path: ["flags", "--authentication-config"],
        expected: "the file itself, which lies on the control plane where no API shows it",
        received: path,
        fix: "copy it into a folder as authentication-configuration.yaml, with the other answers (docs/adoption.md), and adopt with --from-files",
      },
    ],
  };
}

function problemsOf(flags: FoundFlags): Problem[] {
  const algorithms = (flags["oidc-signing-algs"] ?? []).flatMap((list) => list.split(",")).filter((name) => name.trim() !== "RS256");
  return [
    ...(flags["oidc-ca-file"] === undefined
      ? []
      : [
          {
            path: ["flags", "--oidc-ca-file"],
            expected: "an issuer whose certificate public authorities vouch for: flags say only where the authority's file lies",
            received: flags["oidc-ca-file"].join(", "),
            fix: "write the same trust as authentication-configuration.yaml with issuer.certificateAuthority into the folder of --from-files",
          },
        ]),
    ...(algorithms.length === 0
      ? []
      : [
          {
            path: ["flags", "--oidc-signing-algs"],
            expected: "RS256, which is all that the stack's flags accept",
            received: algorithms.join(", "),
            fix: "sign with RS256 at the identity provider, and remove the flag",
          },
        ]),
  ];
}
