import { parseEnvironment, platformOf } from "../../../../model";
import { sampleRaw, today } from "../../../fixtures/sample";

/** The risks of K10 with these values under `auth`, and the choice written out. */
function risks(auth: Record<string, unknown>): string[] {
  const raw = sampleRaw();
  Object.assign(raw.platforms.k10, { insecureChartAdminGroups: true, values: { auth } });
  const spec = parseEnvironment(raw, today).environment.platforms["k10"];
  return spec === undefined ? [] : platformOf(spec).risks(spec);
}

const sentence = (who: string): string =>
  `insecureChartAdminGroups: the chart makes ${who} an administrator of Kasten K10, who may read and write every Secret in the cluster.`;

test.each([
  [
    "each group and each person by name",
    { k10AdminGroups: ["okta:A", "okta:B"], k10AdminUsers: ["okta:ana"] },
    ["group 'okta:A'", "group 'okta:B'", "user 'okta:ana'"],
  ],
  ["admitted groups administer where no administrators are listed", { groupAllowList: ["okta:All"] }, ["group 'okta:All'"]],
  ["and do not where some are", { groupAllowList: ["okta:All"], k10AdminGroups: ["okta:A"] }, ["group 'okta:A'"]],
  ["nobody", {}, []],
])("%s", (_, auth, who) => {
  expect(risks(auth)).toEqual(who.map(sentence));
});
