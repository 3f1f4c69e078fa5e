import type { Draft, Mutation } from "./draft";

/** Tokens that name an endpoint for their groups; what it answers stands in configurations.ts. */
export const distributedClaims: readonly Mutation[] = [
  ...[
    "good",
    "text",
    "null",
    "numbers",
    "early",
    "expired",
    "audience",
    "several",
    "issuer",
    "claimless",
    "expless",
    "capital",
    "kidless",
    "unknown",
    "changed",
    "blanks",
    "none",
    "empty",
    "gone",
    "created",
    "moved",
    "bearer",
    "nowhere",
  ].map((name): Mutation => [
    `distributed groups, endpoint ${name}`,
    (draft) => distributed(draft, { endpoint: `${draft.configuration.issuer}/claims/${name}` }),
  ]),
  ...[{ access_token: "letmein" }, { access_token: "wrong" }, { access_token: 7 }, { ACCESS_TOKEN: "letmein" }].map((more): Mutation => [
    `distributed groups with ${JSON.stringify(more)}`,
    (draft) => distributed(draft, { endpoint: `${draft.configuration.issuer}/claims/bearer`, ...more }),
  ]),
  [
    "distributed groups and groups of their own",
    (draft) => {
      const { groups } = draft.claims;
      distributed(draft, { endpoint: `${draft.configuration.issuer}/claims/none` });
      draft.claims["groups"] = groups;
    },
  ],
];

function distributed({ claims }: Draft, source: object): void {
  Reflect.deleteProperty(claims, "groups");
  Object.assign(claims, { _claim_names: { groups: "src1" }, _claim_sources: { src1: source } });
}
