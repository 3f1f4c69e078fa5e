/** A candidate rule, or a part of one, that the pack does not judge, with the reason. `docs/policies.md` prints the list. */
export interface LeftOut {
  /** Number in the list of candidate rules. */
  readonly candidate: number;
  readonly idea: string;
  readonly reason: string;
}

export const leftOut: readonly LeftOut[] = [
  {
    candidate: 8,
    idea: "Two client secrets overlap for longer than their consumers cache them",
    reason:
      "The overlap follows from how the triggers of two resources change over time; one preview shows one moment. The environment's own schema checks rotateEvery, overlap and lifetime against each other.",
  },
  {
    candidate: 11,
    idea: "The deploying identity is among an application's owners",
    reason: "Who deploys is known to the provider only after sign-in; a policy sees the provider's inputs at most.",
  },
  {
    candidate: 16,
    idea: "Membership of administrators' groups is only eligible, never active",
    reason: "Assignments made in Privileged Identity Management outside the stack are not in the program.",
  },
  {
    candidate: 27,
    idea: "No audience mapper with a wildcard",
    reason: "Keycloak has no wildcard audiences: its mappers name one client or one custom string.",
  },
  {
    candidate: 28,
    idea: "A groups whitelist for every Dex connector",
    reason:
      "Only the connectors microsoft, google and gitlab have such a list, and those are judged; others filter by organisation, search or not at all.",
  },
  {
    candidate: 30,
    idea: "A K10 or Dex inside another chart, its values under the subchart's name",
    reason:
      "Which key of an umbrella chart's values belongs to which subchart stands in that chart's Chart.yaml (name or alias), which a Release does not carry. Rules over every value (secrets, issuers, TLS) reach such values; those for one chart do not. rendered-chart-rbac renders the whole.",
  },
  {
    candidate: 31,
    idea: "The verifier's configuration has the same prefix as values and bindings",
    reason: "The verifier is configured outside the stack. Values and bindings are compared.",
  },
  {
    candidate: 32,
    idea: "The issuer equals the discovery document's",
    reason: "That takes a request to the identity provider; a policy runs without network. `gatehouse token verify` compares the bytes.",
  },
  {
    candidate: 36,
    idea: "OpenUnison impersonates on managed clusters",
    reason:
      "Nothing in the values says whether the cluster's API server can be configured. The pack asks for the choice to be written out.",
  },
  {
    candidate: 50,
    idea: "The flags --oidc-* of a running API server",
    reason: "They are not resources of these providers. A structured AuthenticationConfiguration in a ConfigMap or Secret is judged.",
  },
  {
    candidate: 51,
    idea: "Outputs that carry secrets are marked secret",
    reason:
      "The policy SDK unpacks secrets before a policy sees them (deserialize.ts), so marked and unmarked values look alike. A scan of the exported state is the test for it.",
  },
];
