/** What a vendor's documentation says about its OpenID issuer. Data alone: each preset is one file, and the same questions are answered in all. */
export interface Preset {
  /** Name for people. */
  readonly title: string;
  /** The page of the vendor, or the public issue, that says so. */
  readonly source: string;
  /** When it was read, `YYYY-MM-DD`. */
  readonly read: string;
  /** What an issuer looks like, with an example; null where the vendor is no OpenID issuer for applications. */
  readonly issuer: { readonly pattern: RegExp; readonly example: string } | null;
  /** Whether organisations that do not know each other share the issuer: then the audience, or a claim, is the only border. */
  readonly sharedIssuer: boolean;
  /** Where and how tokens name groups; null where they name none. */
  readonly groups: PresetGroups | null;
  /** Scopes that must be asked for beside `openid`. */
  readonly scopes: readonly string[];
  /** The scope that gives refresh tokens; null where it is an error, or nothing. */
  readonly refreshScope: string | null;
  /** Whether `sub` differs from client to client. */
  readonly pairwiseSubject: boolean;
  /** What `sub` is, and where its value can be looked up. */
  readonly subject: string;
  /** Whether names and address are in the ID token of the code flow; otherwise at userinfo. */
  readonly profileInIdToken: boolean;
  /** Whether two client secrets can be valid at once. */
  readonly overlappingSecrets: boolean;
  /** Whether an `end_session_endpoint` is there for a sign-out. */
  readonly signOut: boolean;
  /** What the vendor would refuse or drop without a word, by scope or claim name, with the reason. */
  readonly refuses: readonly { readonly setting: "scope" | "claim"; readonly name: RegExp; readonly reason: string }[];
  /** What the owner of the provider sets there, beside client, redirect URIs and sign-out, in sentences. */
  readonly settings: readonly string[];
  /** What does not work, and what to do instead, in sentences. */
  readonly doesNotWork: readonly string[];
}

export interface PresetGroups {
  /** The claim, or an example of it where the owner names it. */
  readonly claim: string;
  readonly values: "name" | "id";
  readonly limit?: { readonly count: number; readonly above: "truncated" | "overage" };
  /** `list`: also for one group. `list-or-text`: one group comes as a text. `object`: the keys are the groups. */
  readonly shape: "list" | "list-or-text" | "object";
  readonly where: "id-token" | "userinfo";
}
