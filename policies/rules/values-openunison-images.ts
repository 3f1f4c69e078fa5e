import { isOpenUnison, releaseOf } from "../reading/helm";
import { settingsIn } from "../reading/settings";
import { mismatch, resourceRule } from "../rule";
import { releases } from "../types";

export const valuesOpenUnisonImages = resourceRule({
  id: "values-openunison-images",
  title: "OpenUnison's images come from its vendor, or from a registry that is named here",
  severity: "medium",
  level: "advisory",
  rationale:
    "Whatever runs as OpenUnison holds the client secret, and with impersonation it may be anybody towards the API server, members of system:masters included. An image of somebody else's is all of that.",
  remediation: "Leave the charts' images, or name your mirror in the pack's configuration (sources), and write images by digest.",
  controls: [],
  unknowns: "An unknown image is judged at the update; what a tag holds today is not looked up.",
  types: releases,
  settings: {
    sources: {
      default: ["ghcr.io/openunison/", "ghcr.io/tremolosecurity/", "docker.io/tremolosecurity/"],
      schema: { type: "array", items: { type: "string" }, description: "What an image's name may begin with; each ends in a slash." },
    },
  },
  check(resource, { sources }) {
    const release = releaseOf(resource);
    if (!isOpenUnison(release) && release.chart !== "openunison-operator") {
      return [];
    }
    return [...settingsIn(release.values ?? null)].flatMap(({ path, key, value }) =>
      /image$/i.test(key) && typeof value === "string" && !sources.some((source) => source.endsWith("/") && value.startsWith(source))
        ? [mismatch(`values.${path}`, `an image of ${sources.join(", ")}`, value)]
        : [],
    );
  },
});
