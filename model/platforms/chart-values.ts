import { contentHash } from "../text/stable-order";

/** The value at a path of chart values; undefined when any step is missing. */
export function chartValue(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    values,
  );
}

/** `secrets.awsSecretAccessKey`, `secrets.dockerConfig` and the like of the k10 chart among them. */
const secretKey = /(secret|password|passphrase|token|privatekey|apikey|accesskey|storagekey|tlskey|dockerconfig|htpasswd)$/i;

/** Keys that hold the name of a Secret although they do not say so: secrets.tlsSecret of the k10 chart (its values.yaml), pull secrets. */
const namesSecret = /^(tls|imagepull|pull)secret$/i;

/** Paths of texts that look like secrets in plain text: keys such as clientSecret or password, but not names of Secrets. */
export function plaintextSecrets(values: unknown, path: readonly string[]): string[][] {
  if (typeof values !== "object" || values === null) {
    return [];
  }
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key];
    if (typeof value === "string" && value !== "" && secretKey.test(key) && !namesSecret.test(key)) {
      return [here];
    }
    return plaintextSecrets(value, here);
  });
}

/**
 * The paths of values with a digest of what stands there: enough to see that one changes, without repeating it. A short secret could
 * be guessed from its digest, so a value under a secret's name has none.
 */
export function valuePaths(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const found: [string, string][] = [];
  const walk = (value: unknown, path: string, secret: boolean): void => {
    const steps = Array.isArray(value)
      ? value.map((item: unknown, position): [string, unknown] => [`[${position}]`, item])
      : typeof value === "object" && value !== null
        ? Object.entries(value).map(([key, item]: [string, unknown]): [string, unknown] => [`.${key}`, item])
        : [];
    if (steps.length === 0) {
      found.push([path, secret ? "(secret)" : contentHash({ value: JSON.stringify(value ?? null) })]);
    }
    steps.forEach(([step, item]) => walk(item, `${path}${step}`, secret || secretKey.test(step)));
  };
  Object.entries(values).forEach(([key, value]) => walk(value, key, secretKey.test(key)));
  return Object.fromEntries(found);
}
