// azuread:index/applicationPassword:ApplicationPassword — the requests of application_password_resource.go.
import { map, text } from "../../provider/schema";
import { defined, objectsOf, textOf } from "../../provider/json";
import type { ResourceType } from "../../provider/table";
import { unknownValue, type Properties } from "../../provider/values";
import { objectId, undefinedIfGone, type GraphClient } from "../client";

const durationText = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/;
const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

function parts(id: string): { applicationId: string; keyId: string } {
  const [applicationId = "", kind, keyId = ""] = id.split("/");
  if (kind !== "password" || keyId === "") {
    throw new Error(`application password id: expected <application object id>/password/<key id>, got ${id}`);
  }
  return { applicationId, keyId };
}

async function readState(client: GraphClient, id: string): Promise<Properties | undefined> {
  const { applicationId, keyId } = parts(id);
  const app = await client.find(`/v1.0/applications/${applicationId}`);
  const credential = objectsOf(app?.passwordCredentials).find((one) => one.keyId === keyId);
  if (!credential) {
    return undefined;
  }
  return {
    applicationId: `/applications/${applicationId}`,
    displayName: textOf(credential.displayName) ?? "",
    endDate: textOf(credential.endDateTime) ?? "",
    keyId,
    startDate: textOf(credential.startDateTime) ?? "",
  };
}

/** `endDateRelative` is a Go duration from the start, or from now. */
function relativeEnd(inputs: Properties): string | undefined {
  const relative = textOf(inputs.endDateRelative);
  if (relative === undefined) {
    return undefined;
  }
  const [, hours = "0", minutes = "0", seconds = "0"] = durationText.exec(relative) ?? [];
  const start = Date.parse(textOf(inputs.startDate) ?? new Date().toISOString());
  return new Date(start + 1_000 * (Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds))).toISOString();
}

export const applicationPassword: ResourceType<GraphClient> = {
  properties: {
    applicationId: text({ required: true, forceNew: true }),
    displayName: text({ computed: true, forceNew: true }),
    endDate: text({ computed: true, forceNew: true }),
    endDateRelative: text({ forceNew: true }),
    keyId: text({ outputOnly: true }),
    rotateWhenChanged: map(text(), { forceNew: true }),
    startDate: text({ computed: true, forceNew: true }),
    value: text({ outputOnly: true, secret: true }),
  },
  validate(inputs) {
    const failures = ["startDate", "endDate"].flatMap((property) => {
      const value = inputs[property];
      const wrong = typeof value === "string" && !rfc3339.test(value);
      return wrong ? [{ property, reason: `${property}: expected an RFC 3339 time, got ${JSON.stringify(value)}` }] : [];
    });
    const { endDate, endDateRelative: relative } = inputs;
    if (typeof relative === "string" && (relative === "" || !durationText.test(relative))) {
      failures.push({
        property: "endDateRelative",
        reason: `endDateRelative: expected a duration such as 240h, got ${JSON.stringify(relative)}`,
      });
    }
    if (endDate !== undefined && endDate !== unknownValue && relative !== undefined) {
      failures.push({ property: "endDate", reason: "endDate: conflicts with endDateRelative" });
    }
    return failures;
  },
  create(client, inputs, created) {
    const applicationId = objectId(textOf(inputs.applicationId) ?? "");
    const path = `/v1.0/applications/${applicationId}`;
    return client.oneAtATime(applicationId, async () => {
      await client.send("GET", path);
      const passwordCredential = defined({
        displayName: textOf(inputs.displayName),
        endDateTime: textOf(inputs.endDate) ?? relativeEnd(inputs),
        startDateTime: textOf(inputs.startDate),
      });
      const made = await client.send("POST", `${path}/addPassword`, { passwordCredential });
      const keyId = textOf(made.keyId) ?? "";
      const value = textOf(made.secretText);
      if (!value) {
        throw new Error(`POST ${path}/addPassword: expected secretText in the reply, got none`);
      }
      const id = `${applicationId}/password/${keyId}`;
      created(id);
      await client.confirm(path, (app) => objectsOf(app?.passwordCredentials).some((one) => one.keyId === keyId));
      return { id, state: { ...(await readState(client, id)), value } };
    });
  },
  async read(client, id) {
    const state = await readState(client, id);
    return state && { state };
  },
  delete(client, id) {
    const { applicationId, keyId } = parts(id);
    const path = `/v1.0/applications/${applicationId}`;
    return client.oneAtATime(applicationId, async () => {
      if ((await readState(client, id)) === undefined) {
        return;
      }
      await client.send("POST", `${path}/removePassword`, { keyId }).catch(undefinedIfGone);
      await client.confirm(path, (app) => objectsOf(app?.passwordCredentials).every((one) => one.keyId !== keyId));
    });
  },
};
