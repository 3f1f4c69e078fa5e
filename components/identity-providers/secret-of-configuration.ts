import * as pulumi from "@pulumi/pulumi";
import type { RotationSchedule } from "../../model";

/**
 * A client secret from the stack's configuration.
 * @throws pulumi.RunError where there is none, or one in plain text
 */
export function secretOfConfiguration(name: string): pulumi.Output<string> {
  const [namespace = "", key = ""] = name.split(":");
  const config = new pulumi.Config(namespace);
  // Read as a secret: `get` warns about one in words.
  const value = config.getSecret(key);
  if (value === undefined) {
    throw new pulumi.RunError(
      `${name}: expected the client secret in the stack's configuration, got nothing. Fix: pulumi config set --secret ${name}`,
    );
  }
  if (writtenInPlainText(`${namespace}:${key}`, process.env["PULUMI_CONFIG_SECRET_KEYS"])) {
    throw new pulumi.RunError(
      `${name}: expected a secret of the stack's configuration, got plain text, which everybody who reads the stack file sees. Fix: make a new secret at the identity provider, then pulumi config set --secret ${name}`,
    );
  }
  return value;
}

/** The language host tells the program which keys are secrets (a JSON list); without that list nothing is known. */
function writtenInPlainText(key: string, secretKeys: string | undefined): boolean {
  const keys: unknown = secretKeys === undefined ? undefined : JSON.parse(secretKeys);
  return Array.isArray(keys) && !keys.includes(key);
}

/** Whether the secret that a platform reads is still the one from before the stack. */
export function isAdoptedSecret(adopted: { readonly config: string } | undefined, { secrets }: RotationSchedule): boolean {
  return adopted !== undefined && secrets[0].start === "initial";
}

/** The secret that a platform's client had before the stack; undefined where it had none, or once nothing of the schedule needs it. */
export function adoptedSecret(
  adopted: { readonly config: string } | undefined,
  { secrets }: RotationSchedule,
): pulumi.Output<string> | undefined {
  return adopted !== undefined && secrets.some(({ start }) => start === "initial") ? secretOfConfiguration(adopted.config) : undefined;
}
