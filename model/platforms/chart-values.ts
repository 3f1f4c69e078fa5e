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
