/**
 * KubeSphere's own rules of sign-in, as its source has them. Pure.
 *
 * github.com/kubesphere/kubesphere, tags v3.4.1 and v4.1.x: pkg/apiserver/authentication/identityprovider/oidc/oidc.go (Create:
 * scopes; IdentityExchangeCallback: claims), pkg/models/auth/oauth.go and authenticator.go (mapping methods), mapper.go
 * (FindMappedUser).
 */
import { z } from "zod";
import { SignInRefusal } from "../page-server";

/** One identity provider as KubeSphere's configuration names things; keys that it does not know are ignored there too. */
export const providerSchema = z.object({
  name: z.string().min(1),
  type: z.literal("OIDCIdentityProvider"),
  mappingMethod: z.string().default(""),
  disabled: z.boolean().default(false),
  disableLoginConfirmation: z.boolean().default(false),
  provider: z.object({
    issuer: z.url(),
    clientID: z.string(),
    clientSecret: z.string(),
    redirectURL: z.url(),
    scopes: z.array(z.string()).default([]),
    getUserInfo: z.boolean().default(false),
    emailKey: z.string().default(""),
    preferredUsernameKey: z.string().default(""),
  }),
});
export type Provider = z.infer<typeof providerSchema>;

/** A KubeSphere account, as far as a sign-in looks at it. */
export const userSchema = z.object({
  metadata: z.object({
    name: z.string(),
    labels: z.record(z.string(), z.string()).optional(),
    annotations: z.record(z.string(), z.string()).optional(),
  }),
  status: z.object({ state: z.string().optional() }).optional(),
});
export type User = z.infer<typeof userSchema>;

/** What is really asked for: `openid` first, and the configured scopes only if `openid` is not among them (oidc.go, Create). */
export function requestedScopes(configured: readonly string[]): string[] {
  return configured.includes("openid") ? ["openid"] : ["openid", ...configured];
}

export interface KubeSphereIdentity {
  readonly subject: string;
  readonly preferredUsername: string;
  readonly email: string;
}

/** The three claims that count; groups are never read (oidc.go, end of IdentityExchangeCallback). */
export function identityOf(claims: Readonly<Record<string, unknown>>, provider: Provider["provider"]): KubeSphereIdentity {
  const text = (claim: string): string => (typeof claims[claim] === "string" ? claims[claim] : "");
  if (typeof claims["sub"] !== "string") {
    throw new SignInRefusal('missing required claim "sub"');
  }
  return {
    subject: claims["sub"],
    email: text(provider.emailKey || "email"),
    preferredUsername: text(provider.preferredUsernameKey || "preferred_username") || text("name"),
  };
}

/** What a first sign-in does with an account: nothing, or (release 4, mapping method auto) tie it to the person. */
export type Mapping =
  { readonly account: string; readonly takesOver?: undefined } | { readonly account: string; readonly takesOver: User | "new" };

/**
 * Who the person is in KubeSphere.
 * @throws SignInRefusal where nobody is tied to them and the mapping method makes nobody
 */
export function mappedAccount(release: 3 | 4, provider: Provider, identity: KubeSphereIdentity, users: readonly User[]): Mapping {
  const tied = tiedAccount(release, provider.name, identity.subject, users);
  if (tied !== undefined) {
    if (tied.status?.state === "Disabled") {
      throw new SignInRefusal("account is not active");
    }
    return { account: tied.metadata.name };
  }
  switch (provider.mappingMethod) {
    case "lookup":
      throw new SignInRefusal(`failed to find mapped user: ${identity.subject}`);
    case "manual":
      throw new SignInRefusal("no account is tied to this person; the console asks to register a user name first");
    case "auto":
      if (release === 3 && !provider.disableLoginConfirmation) {
        throw new SignInRefusal("no account is tied to this person; the console asks for a user name first");
      }
      return taken(release, identity, users);
    default:
      throw new SignInRefusal(`invalid mapping method found ${provider.mappingMethod}`);
  }
}

/**
 * Release 4.1.3 and later use CreateOrUpdate on the lower-case user name (authenticator.go, authByIdentityProvider): an account
 * that is there becomes the person's, unless it is disabled. Release 3, and 4.1.2, create and fail.
 */
function taken(release: 3 | 4, identity: KubeSphereIdentity, users: readonly User[]): Mapping {
  const account = identity.preferredUsername.toLowerCase();
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(account)) {
    throw new SignInRefusal(`User "${account}" is invalid: metadata.name: a lowercase RFC 1123 subdomain is expected`);
  }
  const present = users.find((user) => user.metadata.name === account);
  if (present !== undefined && release === 3) {
    throw new SignInRefusal(`users.iam.kubesphere.io "${account}" already exists`);
  }
  if (present?.status?.state === "Disabled") {
    throw new SignInRefusal("account is not active");
  }
  return { account, takesOver: present ?? "new" };
}

type Mark = "labels" | "annotation";

/**
 * The one account tied to a person, if there is one.
 *
 * Release 3 and release 4 up to 4.1.2 go by labels, and find nobody where two accounts bear them; 4.1.3 and later go by the
 * annotation (kubesphere/kubesphere#6299), and take the first. Which of the two a cluster runs is nothing that the stack
 * knows, so in release 4 both must lead to the same account.
 */
function tiedAccount(release: 3 | 4, provider: string, subject: string, users: readonly User[]): User | undefined {
  const marks: readonly Mark[] = release === 3 ? ["labels"] : ["labels", "annotation"];
  const found = marks.map((mark) => {
    const tied = users.filter((user) => isTied(mark, provider, subject, user));
    return mark === "annotation" || tied.length === 1 ? tied[0] : undefined;
  });
  return found.every((user) => user === found[0]) ? found[0] : undefined;
}

function isTied(mark: Mark, provider: string, subject: string, user: User): boolean {
  const { labels = {}, annotations = {} } = user.metadata;
  return mark === "labels"
    ? labels["iam.kubesphere.io/identify-provider"] === provider && labels["iam.kubesphere.io/origin-uid"] === subject
    : annotations[`iam.kubesphere.io/identity-provider.${provider}`] === subject;
}
