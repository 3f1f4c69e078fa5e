import type { Subject } from "../rule";
import { secretTypes } from "../types";
import { at, isProperties, type Properties } from "../value";
import { objectsOf } from "./objects";

/** One known entry of a Secret or ConfigMap, as whoever mounts it reads it. */
export interface FileInObject {
  /** `data['config.yaml']` */
  readonly path: string;
  readonly name: string;
  readonly content: string;
  readonly object: Properties;
}

/**
 * The known entries of a Secret or ConfigMap (patches and lists of them too), decoded. The plugin turns a Secret's stringData into data
 * before the pack sees it (normalizeSecretStringData in pulumi-kubernetes).
 */
export function secretFiles(resource: Subject): FileInObject[] {
  const encoded = secretTypes.test(resource.type) ? ["data"] : ["binaryData"];
  return objectsOf(resource).flatMap(({ object, path }) =>
    ["stringData", "data", "binaryData"].flatMap((place) => {
      const entries = at(object, place);
      return isProperties(entries)
        ? Object.entries(entries).flatMap(([name, found]) =>
            typeof found === "string"
              ? [{ path: `${path}${place}['${name}']`, name, content: encoded.includes(place) ? decoded(found) : found, object }]
              : [],
          )
        : [];
    }),
  );
}

function decoded(base64: string): string {
  return Buffer.from(base64, "base64").toString("utf8");
}
