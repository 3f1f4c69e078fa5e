import { withIgnoredFields } from "../../../pulumi/kubernetes/ignored-fields";
import type { Properties } from "../../../pulumi/provider/values";

const managed = (...owners: readonly (readonly [manager: string, fields: Properties])[]): Properties => ({
  data: { key: "now" },
  metadata: { name: "oidc", managedFields: owners.map(([manager, fieldsV1]) => ({ manager, fieldsV1 })) },
});
const key: Properties = { "f:data": { ".": {}, "f:key": {} } };
const news: Properties = { type: "Opaque", data: { key: "as declared once" } };

test.each([
  ["of another manager alone: not sent", managed(["us", { "f:type": {} }], ["them", key]), ["data"], { type: "Opaque" }],
  ["ours: sent as it is", managed(["us", key]), ["data"], { type: "Opaque", data: { key: "now" } }],
  ["shared: sent as it is", managed(["us", key], ["them", key]), ["data"], { type: "Opaque", data: { key: "now" } }],
  ["one key of it", managed(["them", key]), ["data.key"], { type: "Opaque", data: {} }],
  ["not there: sent as declared", { metadata: { name: "oidc" } }, ["data"], news],
  ["nothing ignored", managed(["them", key]), [], news],
])("an ignored field that is %s", (_what, live, ignored, sent) => {
  expect(withIgnoredFields(news, live, ignored, "us")).toEqual(sent);
});
