import { show, stackRule, type Subject } from "../rule";
import { okta } from "../types";
import { text } from "../value";

export const oktaSingleAssignmentOwner = stackRule({
  id: "okta-single-assignment-owner",
  candidate: 24,
  title: "One resource owns the group assignments of an Okta application",
  severity: "high",
  level: "mandatory",
  rationale:
    "AppGroupAssignments treats all assignments of the application as its own and removes what it does not list; app.GroupAssignment, or a second AppGroupAssignments, adds it again. Each update then takes access from somebody (okta/terraform-provider-okta#1798).",
  remediation: "Use either one AppGroupAssignments or only app.GroupAssignment for an application.",
  controls: [],
  unknowns:
    "The application is recognised by its ID or by the resource that the ID is computed from, so an application not created yet is judged too.",
  types: [okta.groupAssignment, okta.groupAssignments, okta.app],
  settings: {},
  check(resources) {
    const owners = new Map<string, Subject[]>();
    // An application's client ID is its ID: one assignment may say the resource, another one the text.
    const ids = new Map(
      resources.filter(({ type }) => type === okta.app).map(({ urn, properties }) => [text(properties, "clientId"), urn]),
    );
    for (const resource of resources.filter(({ type }) => type !== okta.app)) {
      const literal = text(resource.properties, "appId");
      const application = resource.from["appId"]?.[0] ?? ids.get(literal) ?? literal;
      if (application !== undefined) {
        owners.set(application, [...(owners.get(application) ?? []), resource]);
      }
    }
    return [...owners.values()].flatMap((group) => {
      const [whole, ...more] = group.filter(({ type }) => type === okta.groupAssignments);
      if (whole === undefined || group.length === 1) {
        return [];
      }
      const others = group.filter((resource) => resource !== whole).map(({ name }) => name);
      return [
        {
          urn: whole.urn,
          message: `appId: expected ${whole.name} to be the only owner of the application's group assignments, got also ${show(others.sort())}${more.length > 0 ? " (AppGroupAssignments twice)" : ""}`,
        },
      ];
    });
  },
});
