// The resource types of the random provider. They live in the state only, so reading gives back what is there.
import { randomBytes, randomUUID } from "node:crypto";
import { hash } from "bcryptjs";
import { flag, integer, map, text, type CheckFailure, type Schema } from "../provider/schema";
import type { ResourceType } from "../provider/table";
import type { Properties } from "../provider/values";
import { randomCharacters } from "./characters";

/** A change of any keeper, as of every other property, means a new value. */
const keepers: Schema = { keepers: map(text(), { forceNew: true }) };

const characterProperties: Schema = {
  ...keepers,
  length: integer({ required: true, forceNew: true }),
  lower: flag({ default: true, forceNew: true }),
  upper: flag({ default: true, forceNew: true }),
  numeric: flag({ default: true, computed: true, forceNew: true }),
  number: flag({ default: true, computed: true, forceNew: true }),
  special: flag({ default: true, forceNew: true }),
  minLower: integer({ default: 0, forceNew: true }),
  minUpper: integer({ default: 0, forceNew: true }),
  minNumeric: integer({ default: 0, forceNew: true }),
  minSpecial: integer({ default: 0, forceNew: true }),
  overrideSpecial: text({ forceNew: true }),
};

const inState: Pick<ResourceType<void>, "read" | "delete"> = {
  read: (_client, id, state) =>
    Object.keys(state).length > 0
      ? Promise.resolve({ id, state: {} })
      : Promise.reject(new Error("random values are kept in the state only: there is nothing to import them from")),
  delete: () => Promise.resolve(),
};

function characterFailures(inputs: Properties): CheckFailure[] {
  const { numeric, number } = inputs;
  if (typeof numeric === "boolean" && typeof number === "boolean" && numeric !== number) {
    return [{ property: "number", reason: "number: it is the deprecated name of numeric; expected only one of them, got two that differ" }];
  }
  return [];
}

function drawCharacters(inputs: Properties): { result: string; numeric: boolean } {
  const isOn = (key: string): boolean => inputs[key] !== false;
  const count = (key: string): number => (typeof inputs[key] === "number" ? inputs[key] : 0);
  const numeric = isOn("numeric") && isOn("number");
  const result = randomCharacters({
    length: count("length"),
    lower: isOn("lower"),
    upper: isOn("upper"),
    numeric,
    special: isOn("special"),
    minLower: count("minLower"),
    minUpper: count("minUpper"),
    minNumeric: count("minNumeric"),
    minSpecial: count("minSpecial"),
    overrideSpecial: typeof inputs.overrideSpecial === "string" ? inputs.overrideSpecial : "",
  });
  return { result, numeric };
}

/** bcrypt takes 72 bytes at most; terraform-provider-random hashes the first 72 of a longer password. */
function bcryptHash(password: string): Promise<string> {
  return hash(Buffer.from(password).subarray(0, 72).toString(), 10);
}

const randomPassword: ResourceType<void> = {
  ...inState,
  properties: {
    ...characterProperties,
    result: text({ outputOnly: true, secret: true }),
    bcryptHash: text({ outputOnly: true, secret: true }),
  },
  validate: characterFailures,
  async create(_client, inputs) {
    const { result, numeric } = drawCharacters(inputs);
    // The password must not be the id: ids are shown and are never encrypted.
    return { id: "none", state: { result, bcryptHash: await bcryptHash(result), numeric, number: numeric } };
  },
};

const randomString: ResourceType<void> = {
  ...inState,
  properties: { ...characterProperties, result: text({ outputOnly: true }) },
  validate: characterFailures,
  create(_client, inputs) {
    const { result, numeric } = drawCharacters(inputs);
    return Promise.resolve({ id: result, state: { result, numeric, number: numeric } });
  },
};

const randomUuid: ResourceType<void> = {
  ...inState,
  properties: { ...keepers, result: text({ outputOnly: true }) },
  create() {
    const result = randomUUID();
    return Promise.resolve({ id: result, state: { result } });
  },
};

const randomId: ResourceType<void> = {
  ...inState,
  properties: {
    ...keepers,
    byteLength: integer({ required: true, forceNew: true }),
    prefix: text({ forceNew: true }),
    b64Std: text({ outputOnly: true }),
    b64Url: text({ outputOnly: true }),
    dec: text({ outputOnly: true }),
    hex: text({ outputOnly: true }),
  },
  create(_client, inputs) {
    const bytes = randomBytes(typeof inputs.byteLength === "number" ? inputs.byteLength : 0);
    const prefix = typeof inputs.prefix === "string" ? inputs.prefix : "";
    const hex = bytes.toString("hex");
    return Promise.resolve({
      id: bytes.toString("base64url"),
      state: {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x0${hex}`).toString(),
        hex: prefix + hex,
      },
    });
  },
};

export const resources: Record<string, ResourceType<void>> = {
  "random:index/randomId:RandomId": randomId,
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomString:RandomString": randomString,
  "random:index/randomUuid:RandomUuid": randomUuid,
};
