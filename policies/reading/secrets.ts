import { at, isList, isProperties, leaves, text, UNKNOWN, type Value } from "../value";

/** Words that end the name of a value holding a secret, after `-`, `_` and `.` are dropped. */
const secretWords =
  /(?:clientsecret|sharedsecret|cookiesecret|jwtsecret|hmacsecret|password|passwd|passphrase|apitoken|accesstoken|refreshtoken|bearertoken|bindpw|privatekey|apikey|secretaccesskey|(?<!existing|client)secretkey|htpasswd)$/;
/** `secret` alone usually names a Secret object, except inside a client (Dex: `staticClients[].secret`). */
const bareSecretInClient = /(?:client|oauth|oidc)[^.]*(?:\[\d+\])?\.secret$/i;
/** Values that only point to a secret: `$__env{X}` and `$__file{X}` (Grafana), `$name:key` (Argo CD), `${X}`, `{{ … }}`, `vault:…`, `ref+vault://…`. */
const reference = /^(?:\$|\{\{|vault:|ref\+|<.*>$)/;

/** Paths of values that hold a secret itself, not a reference to one. Never returns the secret. */
export function inlineSecrets(values: Value): string[] {
  const found: string[] = [...environmentSecrets(values, "")];
  for (const { path, key, value } of leaves(values)) {
    if (typeof value === "string" && /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(value)) {
      found.push(path);
      continue;
    }
    if (value === UNKNOWN || (typeof value === "string" && value !== "")) {
      if (namesSecret(path, key) && (value === UNKNOWN || !reference.test(value))) {
        found.push(path);
      }
    }
    // Argo CD, Dex and others take a whole configuration file as one string.
    if (typeof value === "string" && value.includes("\n")) {
      for (const line of value.split("\n")) {
        const [, name, content] = /^\s*(?:-\s*)?["']?([A-Za-z0-9_.-]+)["']?\s*[:=]\s*["']?([^"'\s]+)/.exec(line) ?? [];
        if (name && content && namesSecret(`${path}.${name}`, name) && !reference.test(content)) {
          found.push(`${path} (line '${name}')`);
        }
      }
    }
  }
  return found;
}

/** Environment variables of charts: `{ name: OIDC_CLIENT_SECRET, value: … }`. */
function* environmentSecrets(value: Value, path: string): Generator<string> {
  if (isList(value)) {
    for (const [index, item] of value.entries()) {
      yield* environmentSecrets(item, `${path}[${index}]`);
    }
  } else if (isProperties(value)) {
    const [name, content] = [text(value, "name"), at(value, "value")];
    const told = content === UNKNOWN || (typeof content === "string" && content !== "" && !reference.test(content));
    if (name !== undefined && told && namesSecret(name, name)) {
      yield path === "" ? "value" : `${path}.value`;
    }
    for (const [key, child] of Object.entries(value)) {
      yield* environmentSecrets(child, path === "" ? key : `${path}.${key}`);
    }
  }
}

function namesSecret(path: string, key: string): boolean {
  return secretWords.test(key.toLowerCase().replace(/[-_.]/g, "")) || bareSecretInClient.test(path);
}
