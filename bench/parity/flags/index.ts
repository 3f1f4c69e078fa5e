/**
 * Servers that have nothing but `--oidc-*` flags: the tokens of one issuer, with the same mutations, against `readOidcFlags`. The anonymous
 * setting is asked by requests without a token, which is all that it decides.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readOidcFlags } from "../../../verifier";
import type { ParityOptions, ParityPart, ParityResult } from "../part";
import type { Server } from "../server";
import { casesOf, compareAll } from "../tokens";
import { realistic, tokenOf } from "../tokens/draft";
import { ready } from "../tokens/review";
import { withIssuers, withServer, type World } from "../tokens/world";

/** Beside issuer, client and authority. */
const servers: readonly (readonly string[])[] = [
  [],
  ["--oidc-username-claim=email", "--oidc-groups-claim=groups", "--oidc-groups-prefix=g:", "--oidc-signing-algs=RS256,ES256"],
  [
    "--oidc-username-prefix=-",
    "--oidc-groups-claim=groups",
    "--oidc-required-claim=hd=example.com",
    "--oidc-required-claim=azp=kubernetes",
  ],
  [
    "--oidc-username-claim=preferred_username",
    "--oidc-username-prefix=u:",
    "--oidc-groups-claim=roles",
    "--oidc-signing-algs=PS256",
    "--oidc-signing-algs=RS256",
    "--anonymous-auth=false",
  ],
];
const tokensPerServer = 150;

export const flags: ParityPart = {
  name: "flags",
  fixed: true,
  run: (options) =>
    withIssuers(options.folder, async (world) => {
      const sums: Record<string, { agreed: number; of: number }> = {};
      for (const [index, more] of servers.entries()) {
        const { agreement } = await judgeServer({ ...options, seed: options.seed + index }, world, more);
        for (const [what, { agreed, of }] of Object.entries(agreement)) {
          sums[what] = { agreed: (sums[what]?.agreed ?? 0) + agreed, of: (sums[what]?.of ?? 0) + of };
        }
      }
      return { agreement: sums };
    }),
};

async function judgeServer(
  options: ParityOptions,
  { issuers, keys, first: configuration }: World,
  more: readonly string[],
): Promise<ParityResult> {
  const caFile = join(options.folder, "flags-ca.pem");
  writeFileSync(caFile, issuers.certificateAuthority);
  const oidcFlags = [
    `--oidc-issuer-url=${configuration.issuer}`,
    `--oidc-client-id=${configuration.audience}`,
    `--oidc-ca-file=${caFile}`,
    ...more,
  ];
  const rules = readOidcFlags(oidcFlags.join("\n"), (path) => readFileSync(path, "utf8"));
  return withServer(options, { authenticationConfiguration: "", oidcFlags }, async (server) => {
    await ready(server, () => {
      const draft = realistic(configuration, keys, () => 0.5, 0);
      return tokenOf({ ...draft, key: keys.rsa, header: { alg: "RS256", kid: keys.rsa.kid } });
    });
    const cases = casesOf({ ...options, count: tokensPerServer }, [configuration], keys);
    const { agreement } = await compareAll(options, { server, issuers, rules, cases });
    const anonymous = await anonymousAgrees(options, server, rules.anonymous?.enabled === true);
    return { agreement: { ...agreement, anonymous } };
  });
}

/** Without a token: let in as system:anonymous (who may do nothing here, status 403), or not at all. A bad token is refused in any case. */
async function anonymousAgrees({ say }: ParityOptions, server: Server, enabled: boolean): Promise<{ agreed: number; of: number }> {
  const [empty, bad] = [
    await server.send("GET", "/api/v1/pods", undefined, ""),
    await server.send("GET", "/api/v1/pods", undefined, "bad"),
  ];
  const holds = [empty.status === (enabled ? 403 : 401), bad.status === 401];
  if (holds.includes(false)) {
    say(`DISAGREE anonymous: without a token status ${empty.status}, with a bad one ${bad.status}; the verifier says enabled: ${enabled}`);
  }
  return { agreed: holds.filter(Boolean).length, of: holds.length };
}
