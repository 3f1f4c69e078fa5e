import { isProperties, isList, unknownValue, type Leaf, type Value } from "../value";
import { plainName, settingsIn } from "./settings";

/** Words that end the name of a value holding a secret, after `-`, `_` and `.` are dropped. */
const secretWords =
  /(?:(?:client|shared|cookie|jwt|hmac|oidc|oauth2?|app|application|consumer|idp|webhook|session|signing|api|auth|sso)secret|secretvalue|password|passwd|passphrase|passcode|pwd|(?:api|access|refresh|bearer|auth|id|admin|root|bot)token|bindpw|privatekey|apikey|(?:signing|encryption|shared|storage|account|access|master|cookie)key|secretaccesskey|(?<!existing|client)secretkey|credentials?|htpasswd)(?:base64|b64|value|plain)?$/;
/** Names that hold a secret only where what they hold is no name of an object: `secret: my-secret`, `token: default`. */
const weakWords = /(?:secret|token|pass|seed)$/;
/** `secret` alone usually names a Secret object, except inside a client (Dex: `staticClients[].secret`). */
const bareSecretInClient = /(?:client|oauth|oidc)[^.]*(?:\[\d+\])?\.secret$/i;
/** Names that end like a secret's and hold something about one. */
const aboutSecrets =
  /(?:^(?:existing|image|pull|tls|ca)\w*secrets?|(?:name|ref|file|path|url|uri|lifetime|ttl|expiry|duration|enabled|type|length|policy|endpoint|method|hash)s?)$/;
/** Values that only point to a secret: `$__env{X}` and `$__file{X}` (Grafana), `$name:key` (Argo CD), `${X}`, `$(X)`, `{{ … }}`, `vault:…`, `ref+vault://…`. */
const reference = /^(?:\$[A-Za-z_{(]|\{\{|vault:|ref\+|<.*>$|\/[\w./-]+$|file:)/;
/** The name of an object of Kubernetes: what a weak name may hold. */
const objectName = /^[a-z]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Secrets that are known by what they look like, whatever they are called. */
const secretValues: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/,
  // Entra ID's client secrets, JSON Web Tokens, and the tokens of GitHub, GitLab, Slack, AWS, Okta and Google.
  /(?:^|[^\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,36}(?![\w~.-])/,
  /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/,
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[\w-]{18,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|GOCSPX-[\w-]{20,})/,
  // A password before a host.
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@$]*:(?!\$|\{\{)[^/\s@$]+@/i,
];

/** Paths of values that hold a secret itself, not a reference to one. Never returns the secret. */
export function inlineSecrets(values: Value): string[] {
  const found = [...settingsIn(values)].filter(holdsSecret).map(({ path }) => path);
  return [...new Set(found)];
}

function holdsSecret({ path, key, value }: Leaf): boolean {
  if (typeof value === "string" && (secretValues.some((pattern) => pattern.test(value)) || encodesPrivateKey(value))) {
    return true;
  }
  const name = plainName(key);
  if (aboutSecrets.test(name) || isList(value) || isProperties(value)) {
    return false;
  }
  if (secretWords.test(name) || bareSecretInClient.test(path)) {
    return (
      value === unknownValue ||
      (typeof value === "string" ? value !== "" && !isFlag(value) && !reference.test(value) : typeof value === "number")
    );
  }
  // Not known yet: it may be the name of a Secret, so the update judges it.
  return (
    weakWords.test(name) &&
    typeof value === "string" &&
    value.length > 3 &&
    !isFlag(value) &&
    !objectName.test(value) &&
    !reference.test(value)
  );
}

function isFlag(value: string): boolean {
  return /^(?:true|false)$/i.test(value);
}

function encodesPrivateKey(value: string): boolean {
  return (
    value.startsWith("LS0tLS1CRUdJTi") && /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(Buffer.from(value, "base64").toString("utf8"))
  );
}
