/** What Okta holds of a platform's client secrets, and the state that the version with one secret left. */
import { rmSync, writeFileSync } from "node:fs";
import type { Lab } from "../../lab/story/session";
import { send } from "../../lab/story/sign-in/transport";
import { okta } from "./support";

/** Taken once: a test that runs across midnight goes on with the days that it began with. */
const start = Date.now();

/** The day on which the file began, and the days around it, `YYYY-MM-DD` in UTC. */
export const dayFromNow = (days: number): string => new Date(start + days * 86_400_000).toISOString().slice(0, 10);

/** The secrets that Okta accepts for the platform's app, the oldest first. */
export async function acceptedSecrets(lab: Lab): Promise<string[]> {
  return acceptedSecretsOf(lab, await clientIdOf(lab));
}

export async function clientIdOf(lab: Lab): Promise<string> {
  return (await lab.document()).platforms["k10"]?.clientId ?? "";
}

/** While an update runs the engine writes the state that holds the client id: whoever asks then has to know it. */
export async function acceptedSecretsOf(lab: Lab, clientId: string): Promise<string[]> {
  const all = (await okta(lab, `/apps/${clientId}/credentials/secrets`)) as { client_secret: string; status: string }[];
  return all.filter(({ status }) => status === "ACTIVE").map(({ client_secret: secret }) => secret);
}

/** What the token endpoint says to a secret with a code that nobody was given: `invalid_grant` when it takes the secret. */
export async function presented(lab: Lab, secret: string): Promise<unknown> {
  const clientId = await clientIdOf(lab);
  const answer = await send(
    new URL(`${lab.identityProvider.issuer}/oauth2/v1/token`),
    { ca: lab.authority.certificate },
    {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString("base64")}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({ grant_type: "authorization_code", code: "none", redirect_uri: "https://k10.example.com/" }).toString(),
    },
  );
  return (JSON.parse(answer.body) as { error?: unknown }).error;
}

interface State {
  deployment: {
    resources: {
      urn: string;
      type: string;
      inputs?: Record<string, unknown>;
      outputs?: Record<string, unknown>;
      dependencies?: string[];
      propertyDependencies?: Record<string, string[]>;
    }[];
  };
}

export async function rewriteState(lab: Lab, change: (state: State) => State): Promise<void> {
  const state = JSON.parse((await lab.engine.run(["stack", "export"])).stdout) as State;
  const file = `${lab.stateDir}/state-from-before.json`;
  writeFileSync(file, JSON.stringify(change(state)));
  await lab.engine.run(["stack", "import", "--file", file]);
  rmSync(file);
}

/** The state that the version with one secret left: one password without a day in its name, which the app writes. */
export function asBeforeTwoSecrets({ deployment, ...rest }: State): State {
  const [password, own] = ["random:index/randomPassword:RandomPassword", "pulumi-nodejs:dynamic/okta:ClientSecrets"];
  const kept = deployment.resources.filter(({ type }) => type !== own);
  const gone = deployment.resources.filter(({ type }) => type === own).map(({ urn }) => urn);
  const old = (urn: string): string => urn.replace(/(::k10-app-secret)-[\w-]+$/, "$1");
  const result = kept.find(({ type }) => type === password)?.outputs?.["result"];
  const without = (urns: string[] = []): string[] => urns.filter((urn) => !gone.includes(urn)).map(old);
  const resources = kept.map((resource) => {
    const { omitSecret: _omit, ...inputs } = resource.inputs ?? {};
    const isApp = resource.type === "okta:app/oAuth:OAuth";
    return {
      ...resource,
      urn: old(resource.urn),
      ...(isApp
        ? {
            inputs: { ...inputs, clientBasicSecret: result },
            outputs: { ...resource.outputs, omitSecret: false, clientBasicSecret: result, clientSecret: result },
          }
        : {}),
      dependencies: without(resource.dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(resource.propertyDependencies ?? {}).map(([key, urns]) => [key, without(urns)]),
      ),
    };
  });
  return { ...rest, deployment: { ...deployment, resources } };
}
