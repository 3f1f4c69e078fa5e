import { at, isProperties, isList, text, unknownValue, type Leaf, type Value } from "../value";
import { mappingsIn, type Nested } from "./nested";
import { plainName, settingsIn } from "./settings";

/** Words that end the name of a value holding a secret, after `-`, `_` and `.` are dropped. */
const secretWords =
  /(?:(?:client|shared|cookie|jwt|hmac|oidc|oauth2?|app|application|consumer|idp|webhook|session|signing|api|auth|sso)secret|secretval(?:ue)?|password|passwd|passphrase|passcode|pwd|(?:api|access|refresh|bearer|auth|id|admin|root|bot)token|bindpw|privatekey|apikey|(?:signing|encryption|shared|storage|account|access|master|cookie|hmac|jwt|webhook)key|hmac|personalaccesstoken|secretaccesskey|(?<!existing|client)secretkey|credentials?|htpasswd)(?:base64|b64|val|value|plain)?$/;
/** Names that hold a secret only where what they hold is no name of an object: `secret: my-secret`, `token: default`. */
const weakWords = /(?:secrets?|tokens?|pass|seed|^(?:git|github|gitlab|azure)?pat)$/;
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
  /\b(?:gh[pousr]_[A-Za-z0-9]{30,}|glpat-[\w-]{18,}|xox[abprs]-[\w-]{10,}|github_pat_\w{20,}|npm_[A-Za-z0-9]{30,}|hv[sb]\.[\w-]{20,}|sk_live_\w{20,}|AIza[\w-]{35}|AKIA[0-9A-Z]{16}|GOCSPX-[\w-]{20,})/,
  // Whoever has the address of Slack's webhook writes to its channel.
  /\bhooks\.slack\.com\/services\/T\w+\/B\w+\/\w{16,}/,
  // A password before a host, or in an address's query.
  /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@$]*:(?!\$|\{\{)[^/\s@$]+@/i,
  /[?&](?:client_secret|access_token|api_?key|password|token|sig)=(?![$<{])[^&\s"']{8,}/i,
  // Okta's tokens have no mark but their length.
  /(?<![\w-])00(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{40}(?![\w-])/,
  // What a request is authorized with.
  /(?:^|[\s"':=])(?:Basic|Bearer|SSWS|Token)\s+(?=\S*\d)(?![$<{])[\w~+/.=-]{16,}(?![\w~+/.=-])/i,
  // What a database or a queue is reached with: pairs with semicolons, or with blanks.
  /^(?=[^;]*=[^;]*;)(?:.*;)?\s*(?:password|pwd|accountkey|sharedaccesskey|sharedaccesssignature)\s*=\s*(?![$<{])[^;\s]{4,}/is,
  /^(?=.*\bhost=)(?:.*\s)?password=(?![$<{])['"]?[^\s'"]{4,}/is,
];

/** Paths of values that hold a secret itself, not a reference to one. Never returns the secret. */
export function inlineSecrets(values: Value): string[] {
  const found = [...settingsIn(values)].filter(holdsSecret).map(({ path }) => path);
  return [...new Set([...found, ...[...mappingsIn(values, "")].flatMap(secretObject)])].map((path) => path.replace(/^\./, ""));
}

/** The entries of a whole Secret that a chart applies from its values. */
function secretObject({ path, mapping }: Nested): string[] {
  return text(mapping, "kind") !== "Secret"
    ? []
    : ["data", "stringData"].flatMap((part) => {
        const entries = at(mapping, part);
        return isProperties(entries)
          ? Object.entries(entries).flatMap(([name, entry]) => (isContent(entry) ? `${path}.${part}.${name}` : []))
          : [];
      });
}

/** Whether something stands there itself: what a template or a tool fills in does not. */
function isContent(entry: Value): boolean {
  return typeof entry === "string" ? entry !== "" && entry !== "x" && !reference.test(entry) : entry === unknownValue;
}

function holdsSecret({ path, key, value }: Leaf): boolean {
  if (typeof value === "string" && (secretValues.some((pattern) => pattern.test(value)) || encodesPrivateKey(value))) {
    return true;
  }
  const name = plainName(key);
  // Docker's file of registries: the name and password of each, in base64.
  if (/\bauths\..+\.auth$/.test(path) && typeof value === "string" && value.length > 3 && !reference.test(value)) {
    return true;
  }
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
