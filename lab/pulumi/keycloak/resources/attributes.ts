// Attributes of groups, users and roles: lists at the server, texts joined by ## in the provider (KP provider/utils.go).
import { objectOf, textsOf } from "../../provider/json";
import type { Properties, Value } from "../../provider/values";

const separator = "##";

export function stringAttributes(attributes: Value | undefined): Properties {
  return Object.fromEntries(Object.entries(objectOf(attributes)).map(([key, values]) => [key, textsOf(values).join(separator)]));
}

export function listAttributes(attributes: Value | undefined): Properties {
  return Object.fromEntries(
    Object.entries(objectOf(attributes)).map(([key, value]) => [key, typeof value === "string" ? value.split(separator) : []]),
  );
}
