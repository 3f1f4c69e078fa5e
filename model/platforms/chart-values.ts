/** The value at a path of chart values; undefined when any step is missing. */
export function chartValue(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    values,
  );
}

/** Paths of texts that look like secrets in plain text: keys such as clientSecret or password, but not names of Secrets. */
export function plaintextSecrets(values: unknown, path: readonly string[]): string[][] {
  if (typeof values !== "object" || values === null) {
    return [];
  }
  return Object.entries(values).flatMap(([key, value]: [string, unknown]) => {
    const here = [...path, key];
    if (typeof value === "string" && value !== "" && /(secret|password|passphrase|token|privatekey|apikey|htpasswd)$/i.test(key)) {
      return [here];
    }
    return plaintextSecrets(value, here);
  });
}
