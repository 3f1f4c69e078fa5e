import * as pulumi from "@pulumi/pulumi";
import { ownTypes } from "../../components";
import { ownResources } from "../../plugin/own-resources";

// The engine's envelopes: this plugin says that it keeps secrets, so what it lets go in plain text would be plain text in the state.
const { specialSigKey, specialSecretSig, specialOutputValueSig, unknownValue } = pulumi.runtime;
const secret = (value: unknown) => ({ [specialSigKey]: specialSecretSig, value });
const urn = (type: string) => `urn:pulumi:dev::own::gatehouse:index:Environment$gatehouse:index:OktaApplication$${type}::k10-app-secrets`;
const clientSecrets = urn("gatehouse:okta:ClientSecrets");

test("what comes in as a secret goes back as one, and the rest in plain", async () => {
  const secrets = secret([{ start: "initial", value: "a-secret" }]);
  const organisation = { orgName: "example", apiToken: secret("a-token") };
  const result = await ownResources.check?.(clientSecrets, {}, { appId: "0oa1", secrets, organisation });
  expect(result).toEqual({
    inputs: { appId: "0oa1", secrets, organisation: secret({ orgName: "example", apiToken: "a-token" }) },
    failures: [],
  });
});

test("a plan's unknown values reach the resource as such", async () => {
  const output = { [specialSigKey]: specialOutputValueSig, secret: true };
  const news = { appId: unknownValue, secrets: [{ start: "a", value: output }] };
  const result = await ownResources.check?.(clientSecrets, {}, news);
  expect(result?.inputs).toEqual({ appId: unknownValue, secrets: secret([{ start: "a", value: unknownValue }]) });
});

test("a failure of the resource is the engine's to tell, without the secret", async () => {
  const twice = [1, 2].map((start) => ({ start: String(start), value: secret("the-same") }));
  const result = await ownResources.check?.(clientSecrets, {}, { appId: "0oa1", secrets: twice });
  expect(result?.failures).toEqual([{ property: "secrets", reason: "secrets: expected one or two that differ, got more, or one twice" }]);
});

test("what is in the state in secret envelopes is compared by its content", async () => {
  const state = { appId: "0oa1", secrets: secret([{ start: "initial", value: "a" }]), held: { initial: "ocs1" } };
  const news = { appId: "0oa1", secrets: [{ start: "initial", value: secret("a") }] };
  expect(await ownResources.diff?.("id", clientSecrets, state, news)).toMatchObject({ changes: false });
  expect(await ownResources.diff?.("id", clientSecrets, state, { ...news, appId: "0oa2" })).toMatchObject({ changes: true });
});

test("another type is refused by its name", async () => {
  await expect(ownResources.check?.(urn("gatehouse:okta:Nothing"), {}, {})).rejects.toThrow(
    "Expected a resource of this package, got gatehouse:okta:Nothing.",
  );
});

test("no two types have one name, and each is what a program's dynamic resource is called", () => {
  const tokens = ownTypes.map(({ module, name }) => `${module}:${name}`);
  expect(tokens.sort()).toEqual(["access:RestoredObjects", "kubesphere:IdentityProviderEntry", "okta:ClientSecrets"]);
});
