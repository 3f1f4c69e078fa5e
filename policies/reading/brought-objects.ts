import { judges, mismatch, settingsOf, type Circumstances, type Finding, type ResourceRule, type Subject } from "../rule";
import {
  admissionTypes,
  bindingTypes,
  credentialTypes,
  interceptingTypes,
  roleTypes,
  secretTypes,
  validatingTypes,
  definitionTypes,
} from "../types";
import { at, isList, snapshotProperties, text, texts, type Properties } from "../value";
import { bindingsOf } from "./rbac";

/** Objects that the rules for what charts bring along judge. */
const accessTypes = [
  bindingTypes,
  roleTypes,
  secretTypes,
  admissionTypes,
  interceptingTypes,
  credentialTypes,
  validatingTypes,
  definitionTypes,
];

/** A Kubernetes object as a subject with the type token that the same object would have as a Pulumi resource; undefined for other mappings. */
export function objectSubject(object: Properties): Subject | undefined {
  const [apiVersion, kind] = [text(object, "apiVersion"), text(object, "kind")];
  return apiVersion === undefined || kind === undefined
    ? undefined
    : {
        type: `kubernetes:${apiVersion}:${kind}`,
        name: text(object, "metadata", "name") ?? "",
        urn: "",
        properties: object,
        provider: {},
        from: {},
      };
}

const rbac = "kubernetes:rbac.authorization.k8s.io/v1:";

/**
 * What a mapping in values may become: the object that it says it is; a binding, if it has a roleRef, whatever its kind (a template may write
 * that); a role, if it is one of a role's rules.
 */
export function accessSubjects(mapping: Properties): Subject[] {
  const object = objectSubject(mapping);
  const shaped = (kind: string, properties: Properties): Subject[] => [
    { type: `${rbac}${kind}`, name: text(mapping, "metadata", "name") ?? "", urn: "", properties, provider: {}, from: {} },
  ];
  if (object !== undefined && accessTypes.some((types) => types.test(object.type))) {
    return [object];
  }
  if (text(mapping, "roleRef", "name") !== undefined) {
    return shaped("ClusterRoleBinding", mapping);
  }
  const rule = asRule(mapping);
  const whole = texts(rule, "verbs").length > 0 && (isList(at(rule, "resources")) || isList(at(rule, "nonResourceURLs")));
  return whole ? shaped("ClusterRole", { rules: [rule] }) : [];
}

/** A rule whose lists a template makes of words (`resources: [{{ .resources }}]`). */
function asRule(mapping: Properties): Properties {
  const lists = ["verbs", "resources", "apiGroups", "resourceNames", "nonResourceURLs"].flatMap((name) => {
    const word = text(mapping, name);
    return word === undefined ? [] : [[name, word.split(",").map((part) => part.trim())] as const];
  });
  return { ...mapping, ...Object.fromEntries(lists) };
}

/** `objectSubject` for what a parser gave. */
export function parsedObjects(object: unknown): Subject[] {
  if (typeof object !== "object" || object === null) {
    return [];
  }
  const subject = objectSubject(snapshotProperties(object as Record<string, unknown>));
  return subject === undefined ? [] : [subject];
}

/** What objects that a chart brings break of the rules, and which of them give rights to people: those belong into the program. */
export async function judgeBrought(
  objects: readonly Subject[],
  rules: readonly ResourceRule[],
  circumstances: Circumstances,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const object of objects) {
    const called = `${object.type.slice(object.type.lastIndexOf(":") + 1)} ${object.name}`;
    for (const rule of rules.filter((candidate) => judges(candidate, object.type))) {
      for (const { message } of await rule.check(object, settingsOf(rule, {}), circumstances)) {
        findings.push({ message: `${called}: ${rule.id}: ${message}` });
      }
    }
    const people = bindingTypes.test(object.type)
      ? bindingsOf(object).flatMap(({ subjects }) => subjects.filter(({ kind }) => kind !== "ServiceAccount"))
      : [];
    findings.push(
      ...people.map(({ path, name }) => mismatch(`${called}: ${path}`, "service accounts only: people are bound by the program", name)),
    );
  }
  return findings;
}
