import { at, isProperties, items, text, texts, type Value } from "../value";

/** Whether a Kubernetes label selector takes in an object with these labels. What of it is not known yet takes nothing in. */
export function selects(selector: Value, labels: Readonly<Record<string, string>>): boolean {
  const wanted = at(selector, "matchLabels");
  const equal = isProperties(wanted) ? Object.entries(wanted).every(([key, value]) => value === labels[key]) : wanted === undefined;
  return (
    equal && typeof at(selector, "matchExpressions") !== "symbol" && items(selector, "matchExpressions").every((one) => holds(one, labels))
  );
}

function holds(expression: Value, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[text(expression, "key") ?? ""];
  const values = texts(expression, "values");
  switch (text(expression, "operator")) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
